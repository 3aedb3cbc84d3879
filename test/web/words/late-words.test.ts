import { describe, expect, it } from 'vitest';
import type { Drain, DrainAnswer, Wait, WaitReason } from '../../../core/model.ts';
import { enFleet } from '../../../web/fleet/fleet-words-en.ts';
import { zhHansFleet } from '../../../web/fleet/fleet-words-zh-hans.ts';
import { enMigrations } from '../../../web/migrations/migrations-words-en.ts';
import { zhHansMigrations } from '../../../web/migrations/migrations-words-zh-hans.ts';
import { en } from '../../../web/words/en.ts';
import { enLate } from '../../../web/words/en-late.ts';
import { createFormats } from '../../../web/words/format.ts';
import { zhHans } from '../../../web/words/zh-hans.ts';
import { zhHansLate } from '../../../web/words/zh-hans-late.ts';
import { drainOf } from '../../support/entities.ts';

const english = createFormats('en');
const chinese = createFormats('zh-Hans');

const WAITS: Record<WaitReason, readonly [wait: Omit<Wait, 'reason'>, en: string, zh: string]> = {
  peer: [{}, 'the other cluster', '等待另一集群'],
  quota: [{ detail: 'exceeded quota: default' }, 'quota: exceeded quota: default', '资源配额不足：exceeded quota: default'],
  backup: [{}, 'a backup is running', '正在备份'],
  'utility-volumes': [{}, 'utility volumes are attached', '挂载了工具卷'],
  blocked: [{ detail: 'no route' }, 'blocked: no route', '受阻：no route'],
  backoff: [{ failures: 2, seconds: 40 }, 'KubeVirt waits 40s after 2 failures', '失败 2 次后 KubeVirt 等待 40秒'],
  'active-pods': [{}, 'two launcher pods of this VM exist', '该虚拟机有两个 launcher Pod'],
  'cluster-limit': [
    { used: 5, limit: 5, assumed: true, place: 3 },
    '5 of 5 slots of the cluster taken (limit assumed), about place 3 in line',
    '集群的迁移名额已用 5/5（上限为推测），大约排在第 3 位',
  ],
  'host-limit': [
    { used: 2, limit: 2, host: 'harv-1', failures: 1, seconds: 20 },
    '2 of 2 slots of harv-1 taken, after 1 failure',
    '从 harv-1 迁出的名额已用 2/2，此前失败 1 次',
  ],
  unschedulable: [{ detail: '0/3 nodes' }, 'no host takes it: 0/3 nodes', '没有主机可接收：0/3 nodes'],
  'same-host': [{ host: 'harv-1' }, 'the target pod is on the source host, harv-1', '目标 Pod 落在源主机 harv-1 上'],
  'unknown-phase': [{ detail: 'Foo' }, 'unknown phase: Foo', '未知阶段：Foo'],
  'no-migration': [{}, 'no migration of it yet', '尚未创建迁移'],
  'not-migratable': [{ detail: 'PCI device' }, 'cannot be migrated: PCI device', '无法热迁移：PCI device'],
  shutdown: [{ detail: 'Shutdown' }, 'will be shut down: Shutdown', '将被关机：Shutdown'],
};

const ANSWERS: Record<DrainAnswer, readonly [drain: Partial<Drain>, en: string, zh: string]> = {
  empty: [{ safe: true }, 'no VM is here or on its way. Volumes are not checked', '没有虚拟机在此，也没有正在迁入。未检查存储卷'],
  off: [{ safe: true }, 'it is off', '已关机'],
  'not-reporting': [{ here: 2 }, 'it does not report, what runs on it is not known', '主机失去联系，不知道上面运行着什么'],
  'vms-here': [{ here: 7 }, '7 VMs are here', '还有 7 台虚拟机在此'],
  'vms-arriving': [{ arriving: 1 }, '1 VM is on the way here', '有 1 台虚拟机正在迁入'],
  'vms-unplaced': [{}, 'a VM is being placed, and it could be here', '有虚拟机正在分配主机，可能就在此'],
  schedulable: [{}, 'a VM can still be placed here', '虚拟机仍可能被调度到此'],
  'maintenance-under-way': [{}, 'Harvester has not finished', 'Harvester 尚未完成'],
  'etcd-quorum': [{}, 'etcd would lose its majority', 'etcd 会失去多数节点'],
};

describe('what a VM waits for, in words', () => {
  it.each(Object.entries(WAITS))('%s', (reason, [facts, en, zh]) => {
    const wait = { reason: reason as WaitReason, ...facts };
    expect(enLate.wait(wait, english)).toBe(en);
    expect(zhHansLate.wait(wait, chinese)).toBe(zh);
  });

  it.each([
    [{ reason: 'backoff' }, 'KubeVirt waits after failures', '失败后 KubeVirt 等待重试'],
    [{ reason: 'backoff', failures: 1 }, 'KubeVirt waits after 1 failure', '失败 1 次后 KubeVirt 等待重试'],
    [{ reason: 'cluster-limit' }, 'all slots of the cluster taken', '集群的迁移名额已用满'],
    [{ reason: 'host-limit' }, 'all slots of its host taken', '从其主机迁出的名额已用满'],
    [{ reason: 'same-host' }, 'the target pod is on the source host', '目标 Pod 落在源主机上'],
    [{ reason: 'quota', place: 2 }, 'quota, about place 2 in line', '资源配额不足，大约排在第 2 位'],
    [{ reason: 'quota', place: 9 }, 'quota, about place 9 in line', '资源配额不足，大约排在第 9 位'],
    [{ reason: 'quota', place: 10 }, 'quota, about place 10 or later in line', '资源配额不足，大约排在第 10 位或更后'],
    [{ reason: 'quota', place: 300 }, 'quota, about place 300 or later in line', '资源配额不足，大约排在第 300 位或更后'],
  ] as const)('%j, of which little is known', (wait, en, zh) => {
    expect(enLate.wait(wait, english)).toBe(en);
    expect(zhHansLate.wait(wait, chinese)).toBe(zh);
  });
});

it('numbers are written in sentences as they are in the counts above the picture', () => {
  const [vms, some] = [12_345, 1_234];
  for (const [formats, first, late, migrations, fleet] of [
    [english, en, enLate, enMigrations, enFleet],
    [chinese, zhHans, zhHansLate, zhHansMigrations, zhHansFleet],
  ] as const) {
    const number = formats.number(vms);
    expect(number).toBe('12,345');
    for (const text of [
      first.vmCount(vms),
      first.drawing(vms),
      late.search.found(some, vms),
      late.search.foundSaid(some, vms),
      late.search.shown(some, vms),
      late.history.chart(vms, some),
      late.export.found(some, vms),
      late.wall.shown('clusters', 1, 60, vms, false),
      migrations.listed(some, vms),
      fleet.notCounted(vms),
    ]) {
      expect(text).toContain(number);
      expect(text, 'no other way').not.toMatch(/\d{4}/);
    }
  }
});

describe('whether a host may be powered off, in words', () => {
  it.each(Object.entries(ANSWERS))('%s', (because, [facts, en, zh]) => {
    const asked = drainOf({ because: because as DrainAnswer, ...facts });
    expect(enLate.drain.because(asked)).toBe(en);
    expect(zhHansLate.drain.because(asked)).toBe(zh);
  });

  it('counts one VM as one', () => {
    expect(enLate.drain.because(drainOf({ here: 1 }))).toBe('1 VM is here');
    expect(enLate.drain.because(drainOf({ because: 'vms-arriving', arriving: 2 }))).toBe('2 VMs are on the way here');
  });
});
