# Ratchet in a small image: the program of `make dist`, on the libraries it needs.
#
#     make dist && docker build -t ratchet .
#     docker run --rm -v "$PWD:/work" -e OPENAI_API_KEY ratchet run
FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates git libcurl4 libpcre2-8-0 libsqlite3-0 libssl3 libxml2 \
    && rm -rf /var/lib/apt/lists/*
COPY .build/dist/*.tar.gz /tmp/
RUN tar -C /usr/local --strip-components=1 -xzf /tmp/ratchet-*-linux-"$(uname -m)".tar.gz && rm /tmp/*.tar.gz \
    && git config --system --add safe.directory '*'
WORKDIR /work
ENTRYPOINT ["ratchet"]
