# One image for every part of ours: the worker, the jobs, the mail catcher of the demo. The command says which.
FROM python:3.13-slim AS build
WORKDIR /src
COPY pyproject.toml hatch_build.py README.md LICENSE ./
COPY complaints complaints
COPY workflows workflows
COPY activities activities
COPY local local
COPY starter starter
COPY desk desk
COPY cli cli
COPY worker.py ./
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /wheels .

FROM python:3.13-slim
RUN useradd --uid 10001 --create-home --shell /usr/sbin/nologin complaints && install -d -o complaints /srv/mail
COPY --from=build /wheels /wheels
RUN pip install --no-cache-dir /wheels/*.whl && rm -r /wheels
USER complaints
WORKDIR /srv
ENV PYTHONUNBUFFERED=1
ENTRYPOINT ["complaints"]
CMD ["worker"]
