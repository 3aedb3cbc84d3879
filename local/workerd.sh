#!/bin/sh
# workerd for Miniflare (local/edge.ts), which must not outlive whoever started it, not even after a SIGKILL: a second edge would then find
# the port taken and the databases in use. The kernel ends it (Linux, util-linux's setpriv); elsewhere it is started as it is.
if setpriv --pdeathsig KILL true 2>/dev/null; then
  exec setpriv --pdeathsig KILL "$HOSTVIEW_WORKERD" "$@"
fi
exec "$HOSTVIEW_WORKERD" "$@"
