"""How good the matching is, and how its weights are learnt: data sets with the truth, evaluation, training."""
