# syntax=docker/dockerfile:1
# The package lists are the ones the scripts use: scripts/packages/*.txt.
# Optional parts by name: docker build --build-arg WITH="video ocr".
ARG WITH=""

FROM swift:6.3-bookworm AS build
ARG WITH
COPY scripts/packages /packages
RUN apt-get update \
    && sed 's/#.*//' /packages/toolchain.txt /packages/build.txt /packages/runtime.txt \
        $(for part in $WITH; do echo "/packages/$part-build.txt /packages/$part-runtime.txt"; done) \
        | DEBIAN_FRONTEND=noninteractive xargs apt-get install -y --no-install-recommends \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /qdoc
COPY . .
RUN scripts/install --prefix /out

FROM debian:bookworm-slim
ARG WITH
COPY scripts/packages /packages
# poppler-data is among them by name: it is only recommended by the distribution, and Chinese, Japanese and Korean text needs it.
RUN apt-get update \
    && sed 's/#.*//' /packages/runtime.txt $(for part in $WITH; do echo "/packages/$part-runtime.txt"; done) \
        | DEBIAN_FRONTEND=noninteractive xargs apt-get install -y --no-install-recommends \
    && rm -rf /var/lib/apt/lists/* /packages \
    && fc-cache --system-only \
    && useradd --create-home --uid 10001 qdoc
COPY --from=build /out/ /usr/local/
USER qdoc
WORKDIR /home/qdoc
HEALTHCHECK --interval=5m --timeout=20s CMD ["qdoc", "doctor"]
ENTRYPOINT ["qdoc"]
CMD ["help"]
