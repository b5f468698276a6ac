# Without a variable in it, so that Renovate can pin and renew its digest.
FROM rust:1.95-slim-bookworm AS build
WORKDIR /src
COPY Cargo.toml Cargo.lock ./
COPY src ./src
COPY web/dist ./web/dist
# Not built, but the manifest names them.
COPY benches ./benches
# The explicit target keeps the flags off build scripts and procedural macros, which cannot be static.
# Touched because cargo goes by time stamps, and sources may be older than what the cache holds.
RUN --mount=type=cache,sharing=locked,target=/usr/local/cargo/registry \
    --mount=type=cache,sharing=locked,id=kms-emulator-target,target=/src/target \
    target="$(rustc -vV | sed -n 's/^host: //p')" \
    && touch src/lib.rs src/main.rs \
    && RUSTFLAGS="-C target-feature=+crt-static" cargo build --release --locked --target "$target" \
    && mkdir -p /out/data \
    && cp "target/$target/release/kms-emulator" /out/

FROM scratch
COPY --from=build /out/kms-emulator /kms-emulator
# A new volume takes its owner from here.
COPY --from=build --chown=65532:65532 /out/data /data
# Loaded only when KMS_EMULATOR_FIXTURES=/fixtures says so.
COPY fixtures/seed.json fixtures/seed-tencent.json /fixtures/
# An empty KMS_EMULATOR_DATABASE keeps everything in memory.
# Both families where the host has IPv6, IPv4 alone where it has not.
ENV KMS_EMULATOR_LISTEN="[::]:8080" \
    KMS_EMULATOR_DATABASE=/data/kms.db
USER 65532:65532
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
# Often, because others wait for the first answer; a start interval is not known to every builder.
HEALTHCHECK --interval=2s --timeout=6s --retries=10 \
    CMD ["/kms-emulator", "healthcheck"]
ENTRYPOINT ["/kms-emulator"]
# Given by whoever builds a release: --build-arg VERSION=...
ARG VERSION=dev
LABEL org.opencontainers.image.title="kms-emulator" \
      org.opencontainers.image.description="A local stand-in for the secrets managers of Alibaba Cloud and Tencent Cloud: point the unmodified SDK at it." \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}"
