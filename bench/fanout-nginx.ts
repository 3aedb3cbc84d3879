/** The peer: nginx with nchan, as small as a server of events can be. Debian: `apt-get install nginx libnginx-mod-nchan`. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { startProcess, type TestProcess } from '../test/support/processes.ts';

const MODULES = ['/usr/lib/nginx/modules', '/usr/lib64/nginx/modules', '/usr/local/lib/nginx/modules'].map((folder) =>
  join(folder, 'ngx_nchan_module.so'),
);
export const PUBLISH_PATH = '/publish';
export const EVENTS_PATH = '/events';
/** Seconds' worth of messages: what a viewer needs that comes again. */
const KEPT_MESSAGES_COUNT = 64;

/** Null where it is not installed: it has been said how to. */
export function findNchan(): string | null {
  const module = MODULES.find((file) => existsSync(file));
  if (module !== undefined && spawnSync('nginx', ['-v']).status === 0) return module;
  console.error(
    'nginx with nchan is not installed. Debian: apt-get install nginx libnginx-mod-nchan. Or leave it out: --only direct,bridge',
  );
  return null;
}

/** One worker, on 127.0.0.1. `folder`: an empty one of its own. */
export async function startNginx(module: string, folder: string, port: number): Promise<TestProcess> {
  await mkdir(folder, { recursive: true });
  const config = join(folder, 'nginx.conf');
  await writeFile(config, formatConfig(module, folder, port, userInfo().username));
  const nginx = startProcess('nginx', ['-p', folder, '-c', config]);
  try {
    await untilListening(port, nginx);
  } catch (error) {
    await nginx.stop();
    throw error;
  }
  return nginx;
}

/** Pure. */
export function formatConfig(module: string, folder: string, port: number, user: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((what) => `  ${what}_temp_path ${join(folder, what)};`);
  return `load_module ${module};
daemon off;
user ${user};
worker_processes 1;
pid ${join(folder, 'nginx.pid')};
error_log stderr warn;
events { worker_connections 8192; }
http {
  access_log off;
${temporary.join('\n')}
  client_max_body_size 4m;
  client_body_buffer_size 4m;
  keepalive_requests 1000000;
  nchan_shared_memory_size 512m;
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location = ${PUBLISH_PATH} {
      nchan_publisher http;
      nchan_channel_id cluster;
      nchan_message_buffer_length ${KEPT_MESSAGES_COUNT};
      nchan_message_timeout 30s;
    }
    location = ${EVENTS_PATH} {
      nchan_subscriber eventsource;
      nchan_channel_id cluster;
      nchan_subscriber_first_message newest;
    }
  }
}
`;
}

const LOOK_EVERY_MS = 50;

async function untilListening(port: number, nginx: TestProcess): Promise<void> {
  let isGone = false;
  void nginx.exited.then(() => {
    isGone = true;
  });
  while (!isGone) {
    const answer = await fetch(`http://127.0.0.1:${port}/`).catch(() => null);
    await answer?.body?.cancel();
    if (answer !== null) return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  throw new Error(`nginx did not start:\n${nginx.output()}`);
}
