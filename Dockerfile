FROM node:24-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Without install scripts: the only one among these packages fetches a second Node, and the image has its own.
RUN npm ci --omit=dev --ignore-scripts
# A compiler that comes as somebody's companion, the sources of a library that is there compiled, and other systems' builds of it.
RUN rm -rf node_modules/typescript node_modules/@typescript node_modules/better-sqlite3/deps node_modules/better-sqlite3/src \
  && find node_modules/better-sqlite3/prebuilds -name '*.node' ! -name 'linux-*' -delete

FROM node:24-bookworm-slim
WORKDIR /app
# Owned by root: the program cannot change itself.
COPY --from=packages /app/node_modules ./node_modules
COPY package.json manifest.yml LICENSE ./
COPY bin ./bin
COPY locales ./locales
COPY src ./src
RUN install -d -m 700 -o 1000 -g 1000 /data \
  && ln -s /app/bin/tiketti.js /usr/local/bin/tiketti
ENV NODE_ENV=production \
  MALLOC_ARENA_MAX=2 \
  HOST=0.0.0.0 \
  PORT=3000 \
  DATABASE_URL=file:/data/tiketti.db \
  FILES_URL=file:/data/files
# By number, so that an orchestrator can see that it is not root.
USER 1000:1000
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# Node itself is process 1 and hears SIGTERM; it stops within 10 s.
CMD ["node", "--max-semi-space-size=2", "src/cli/index.ts", "start"]
