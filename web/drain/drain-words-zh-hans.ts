/** 简体中文：腾空看板。 */

import { FIRST_ROUGH_PLACE } from '../words/place-in-line.ts';
import { spanText } from './drain-span.ts';
import type { DrainMessages } from './drain-words-en.ts';

export const zhHansDrain: DrainMessages = {
  overview: '正在腾空的主机',
  all: '所有正在腾空的主机',
  board: '主机看板',
  question: '可否安全断电？',
  answers: { yes: '可以', no: '不可以', off: '已关机', unknown: '未知' },
  old: '画面不是实时的，不知道上面现在运行着什么',
  past: '这是历史画面，不能说明上面现在运行着什么',
  contradiction: '画面自相矛盾：称主机已空，却显示有虚拟机在上面',
  no: {
    moment: (reason) => `当时：不可以，${reason}`,
    heard: (reason, time) => `最后画面${time === undefined ? '' : `（${time}）`}时：不可以，${reason}`,
  },
  parts: {
    gone: '已离开',
    moving: '迁移中',
    stopping: '关机中',
    waiting: '等待中',
    stuck: '无法迁移',
    unasked: '未被要求离开',
    arriving: '迁入中',
  },
  were: (vms, isAtLeast) => `原有${isAtLeast ? '至少 ' : ' '}${vms} 台虚拟机`,
  since: (time, duration) => `自 ${time} 起，已 ${duration}`,
  sinceUnwatched: '开始时无人观察',

  eta: {
    whole: '预计腾空还需',
    partial: '其余离开还需',
    span: (span) => (span.from === 0 ? `不到 ${spanText('zh-Hans', { ...span, from: span.to })}` : spanText('zh-Hans', span)),
    except: (list) => `不包括：${list}`,
    endless: '不会自行结束',
    unknown: '结束时间未知',
    tooEarly: (known, isSinceGap) =>
      `尚无法估计还需多久：${isSinceGap ? '自观察中断以来' : ''}${known === 0 ? '还没有看到虚拟机离开' : `${isSinceGap ? '' : '目前'}只看到 ${known} 台离开`}`,
    halted: (duration) => `已有 ${duration} 没有看到虚拟机离开`,
    hindrances: {
      stuck: (vms) => `${vms} 台无法迁移`,
      failing: (vms) => `${vms} 台迁移无法完成`,
      held: (vms) => `${vms} 台受阻`,
      unasked: (vms) => `${vms} 台未被要求离开`,
      arriving: (vms) => `${vms} 台正在迁入`,
    },
  },

  nobodyMoves: '目前没有',
  nobodyWaits: '没有',
  nobodyIsStuck: '没有，全部可以迁移',
  enteringHint: '维护模式目前没有要求它们离开。',
  unaskedHint: '腾空或维护模式会要求它们离开，仅封锁主机不会。',
  advice: {
    device: '请关机，或移除其使用的本机设备。',
    disks: '请关机，或将其磁盘放到主机间共享的存储（ReadWriteMany）上。',
    folder: '请关机：与主机共享的目录无法迁移。',
    network: '请关机，或更改其与 Pod 网络的绑定方式。',
    cpu: '请关机，或改用其他主机也有的 CPU 型号。',
    pinned: '请从其 nodeSelector 中去掉此主机，或将其关机。',
    other: '请关机以腾空主机。',
  },
  place: (place) => (place < FIRST_ROUGH_PLACE ? `约第 ${place} 位` : `第 ${place} 位起`),
  tries: (tries) => `已失败 ${tries} 次`,
  lastFailed: '上次失败',
  showAll: (vms) => `显示全部 ${vms} 台`,
  goneTo: (host) => `→ ${host}`,
  goneElsewhere: (vms) => `另有 ${vms} 台再次迁移、已被删除，或离开时无人观察。`,
  arrivingUnlisted: (vms) => `仍有 ${vms} 台虚拟机需要此主机：目标 Pod，或尚未结束的迁移。`,

  none: { title: '没有正在腾空的主机', text: '主机在封锁、腾空、维护或关机期间出现在这里。' },
  inUse: (vms) => ({ title: '没有在腾空', text: `没有人在腾空此主机，现有 ${vms} 台虚拟机。` }),
  back: (vms) => ({ title: '已恢复使用', text: `主机不再腾空，现有 ${vms} 台虚拟机。` }),
  noHost: (vms) => ({
    title: '没有这个名称的主机',
    text: vms === 0 ? '它从未在此集群中，或已被移除。' : `没有这个名称的节点，却有 ${vms} 台虚拟机应在上面。`,
  }),
};
