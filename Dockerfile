# Two images of one site: `docker build .` for any server, `docker build --target lambda .` for AWS Lambda.

FROM node:22-slim AS player
WORKDIR /site
COPY .npmrc package.json package-lock.json ./
RUN npm ci --omit=dev --silent
COPY deploy/player.mjs deploy/
COPY ml/weights/decoder.onnx ml/weights/
RUN node deploy/player.mjs && node deploy/player.mjs --compress


FROM python:3.13-slim AS site
WORKDIR /site
ENV PYTHONDONTWRITEBYTECODE=1
COPY locks/requirements-lambda.txt ./
RUN pip install --no-cache-dir --require-hashes -r requirements-lambda.txt
COPY manage.py ./
COPY carsite carsite
COPY ml ml
COPY reconstruct reconstruct
COPY static static
COPY templates templates
COPY --from=player /site/build build
# Collecting static files asks the settings for nothing but where they are.
RUN SECRET_KEY=- ALLOWED_HOSTS=- DATABASE_URL=postgres://-/- python manage.py collectstatic --noinput --verbosity 0 \
    && rm -r build


# Deploy it with: zappa deploy STAGE --docker-image-uri URI. Its variables are those of zappa_settings.json.
FROM public.ecr.aws/lambda/python:3.13 AS lambda
ARG STAGE=dev
COPY locks/requirements-zappa.txt ./
RUN pip install --no-cache-dir --require-hashes -r requirements-zappa.txt
COPY --from=site /site ./
COPY zappa_settings.json ./
COPY deploy/policy.json deploy/
RUN AWS_DEFAULT_REGION=us-east-1 ZAPPA_RUNNING_IN_DOCKER=True \
    zappa save-python-settings-file "$STAGE" --output_path zappa_settings.py && rm -r zappa_settings.json deploy
RUN python -m compileall -q --invalidation-mode unchecked-hash .
CMD ["carsite.aws_lambda.lambda_handler"]


FROM python:3.13-slim AS server
WORKDIR /site
COPY locks/requirements-server.txt ./
RUN pip install --no-cache-dir --require-hashes -r requirements-server.txt
COPY deploy/gunicorn.py deploy/
COPY --from=site /site ./
RUN python -m compileall -q --invalidation-mode unchecked-hash . \
    && useradd --system site && mkdir media && chown site media
USER site
VOLUME /site/media
EXPOSE 8000
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "--config", "deploy/gunicorn.py", "carsite.wsgi"]
