# No variable in this line, so that Renovate can pin and update the digest.
FROM rust:1.95-slim-bookworm AS build
WORKDIR /src
COPY Cargo.toml Cargo.lock ./
# How SQLite is compiled.
COPY .cargo ./.cargo
COPY src ./src
COPY web/dist ./web/dist
# Not compiled, but named in Cargo.toml.
COPY benches ./benches
# Sourced below: the same flags as for the binaries of a release.
COPY packages/release-flags.sh ./packages/
# With an explicit target, the flags do not apply to build scripts and procedural macros, which cannot be static.
# touch makes cargo rebuild: it compares time stamps, and sources may be older than the cached build.
RUN --mount=type=cache,sharing=locked,target=/usr/local/cargo/registry \
    --mount=type=cache,sharing=locked,id=kms-emulator-target,target=/src/target \
    target="$(rustc -vV | sed -n 's/^host: //p')" \
    && target_directory=$PWD/target \
    && touch src/lib.rs src/main.rs \
    && . packages/release-flags.sh \
    && cargo build --release --locked --target "$target" \
    && mkdir -p /out/data \
    && cp "target/$target/release/kms-emulator" /out/

FROM scratch
COPY --from=build /out/kms-emulator /kms-emulator
# A new volume gets the owner of this directory.
COPY --from=build --chown=65532:65532 /out/data /data
# Loaded only with KMS_EMULATOR_FIXTURES=/fixtures.
COPY fixtures/seed.json fixtures/seed-tencent.json /fixtures/
# With an empty KMS_EMULATOR_DATABASE, all data is in memory.
# [::] also accepts IPv4, and falls back to IPv4 alone if the host has no IPv6.
ENV KMS_EMULATOR_LISTEN="[::]:8080" \
    KMS_EMULATOR_DATABASE=/data/kms.db
USER 65532:65532
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
# A short interval, because dependent containers wait for the first success. Not all builders support --start-interval.
HEALTHCHECK --interval=2s --timeout=6s --retries=10 \
    CMD ["/kms-emulator", "healthcheck"]
ENTRYPOINT ["/kms-emulator"]
# Set for a release: --build-arg VERSION=...
ARG VERSION=dev
LABEL org.opencontainers.image.title="kms-emulator" \
      org.opencontainers.image.description="A local emulator of Alibaba Cloud KMS and Tencent Cloud SSM for development and tests with the vendors' unmodified SDKs." \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}"
