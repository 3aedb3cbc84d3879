# The edge's image: the worker with its Durable Objects in workerd, and the page, run by an unprivileged user. deploy/edge.md says how.
#
#   docker build -f deploy/edge.Dockerfile -t hostview-edge .

ARG NODE_IMAGE=node:24-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /hostview
COPY package.json package-lock.json ./
# workerd and esbuild are packages of their own for each platform; no script has to fetch them.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.base.json wrangler.toml vite.config.ts ./
COPY core core
COPY web web
COPY worker worker
COPY local local
COPY deploy/forwarder deploy/forwarder
RUN node local/build-main.ts
# A third of it is for developers.
RUN rm -rf node_modules/node node_modules/@biomejs node_modules/@kubernetes node_modules/@typescript node_modules/playwright-core

FROM ${NODE_IMAGE}
WORKDIR /hostview
COPY --from=build /hostview/node_modules node_modules
COPY --from=build /hostview/dist dist
COPY package.json wrangler.toml LICENSE ./
COPY core core
COPY worker worker
COPY local local
COPY simulator/option-numbers.ts simulator/option-numbers.ts
ENV NODE_ENV=production HOME=/tmp
# A number, so that Kubernetes can tell that it is not root.
RUN mkdir /state && chown 65532:65532 /state
USER 65532:65532
VOLUME /state
EXPOSE 8787
# Any answer but a failure: ALLOWED_HOSTS may refuse this Host header.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["node", "-e", "fetch('http://127.0.0.1:8787/healthz').then(({ status }) => process.exit(status < 500 ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "local/serve.ts", "--host", "0.0.0.0", "--state", "/state", "--build", "dist"]
