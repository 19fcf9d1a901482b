# Three stages: Python packages, front end, application. The same steps as ./run, with production's packages alone.
FROM python:3.13-slim-trixie AS python
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY requirements/prod.txt requirements/
RUN pip install --require-hashes -r requirements/prod.txt

FROM python AS assets
COPY --from=node:24-trixie-slim /usr/local/bin/node /usr/local/bin/
COPY --from=node:24-trixie-slim /usr/local/lib/node_modules /usr/local/lib/node_modules
COPY package.json package-lock.json .npmrc ./
RUN node /usr/local/lib/node_modules/npm/bin/npm-cli.js ci
COPY assembly/__init__.py assembly/
COPY assembly/web assembly/web
COPY assembly/text assembly/text
COPY static static
RUN node static/build.mjs

FROM python
# pg_dump and pg_restore for `manage.py backup`: Debian's client is of the same major version as the db service.
RUN apt-get update && apt-get install -y --no-install-recommends postgresql-client && rm -rf /var/lib/apt/lists/*
# 10001 owns the volumes of existing installations; a --system account above 999 would be warned of.
RUN groupadd --gid 10001 assemblee \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin assemblee \
    && install -d -o assemblee -g assemblee /data
COPY . .
COPY --from=assets /app/static/dist static/dist
RUN python -m compileall -q assembly members draws sessions consultations opinions answers mission demo
RUN set -a && . ./deploy/example.env && set +a && python manage.py collectstatic --noinput --ignore css/fonts.css
USER assemblee
VOLUME /data
EXPOSE 8000
CMD ["uvicorn", "assembly.config.asgi:application", "--host=0.0.0.0", "--port=8000", "--lifespan=off", "--ws=websockets-sansio", "--ws-max-size=4000000", "--ws-per-message-deflate=false", "--no-proxy-headers", "--log-config=deploy/logging.json"]
