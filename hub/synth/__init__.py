"""An invented week of agencies' own files: for the demo, the tests and the benchmark. Nobody in it exists."""
