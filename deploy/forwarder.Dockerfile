# The forwarder's image: one file on Node, run by an unprivileged user. It writes nothing, so the root file system may be read-only.
#
#   docker build -f deploy/forwarder.Dockerfile -t hostview-forwarder .

ARG NODE_IMAGE=node:24-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /hostview
COPY package.json package-lock.json ./
# No package's own scripts: what they fetch (workerd, another Node) is not needed here.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.base.json ./
COPY core core
COPY forwarder forwarder
COPY local local
RUN node local/build-forwarder.ts

FROM ${NODE_IMAGE}
COPY --from=build /hostview/dist/forwarder/hostview-forwarder.js /hostview-forwarder.js
COPY LICENSE /LICENSE
ENV NODE_ENV=production
# A number, so that Kubernetes can tell that it is not root.
USER 65532:65532
# Where --listen says so.
EXPOSE 8080
ENTRYPOINT ["node", "/hostview-forwarder.js"]
