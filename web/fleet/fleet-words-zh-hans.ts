/** 简体中文：全部集群。 */

import type { FleetMessages } from './fleet-words-en.ts';

export const zhHansFleet: FleetMessages = {
  title: '集群',
  add: '添加集群',
  freshness: { live: '实时', stale: '无更新', waiting: '等待中', unknown: '未知' },
  standings: { attention: '有问题', stale: '无更新', unknown: '未知', fine: '正常', waiting: '等待中' },
  hints: {
    waiting: '已注册，但从未收到消息：其转发器尚未上报。',
    unknown: 'Hostview 没有得到此集群的回应，目前对它一无所知。',
  },
  staleSince: (time) => `自 ${time} 起无更新`,
  liveAt: (time) => `${time} 时为实时`,
  asOf: (time) => `这是 ${time} 时的状况。`,
  silentFor: (time) => `已 ${time} 没有消息`,
  live: '实时集群',
  failed: '近一小时失败',
  allocatableUnknown: '主机可提供的容量未知',
  failedBefore: '失联前一小时失败',
  moved: (_moves, told, isPast) => `${isPast ? '失联前一小时' : '近一小时'}迁移 ${told} 次`,
  most: (told) => `，五分钟内最多 ${told} 次`,
  lastPictures: (clusters) => `合计中有 ${clusters.toLocaleString('zh')} 个无更新的集群，按最后画面计算。`,
  notCounted: (clusters) => `${clusters.toLocaleString('zh')} 个集群状况未知，未计入。`,
  partial: '部分视图：您只能查看部分集群。',
  filter: '按名称或状态筛选',
  found: (shown, all) => `${shown} / ${all}`,
  held: '指针在列表上时顺序保持不变',
  belongs: (standing) => `→ ${standing}`,
  group: '分组',
  groups: { trouble: '按问题', none: '不分组' },
  sort: '排序',
  sorts: { trouble: '按问题', name: '按名称' },
  none: { title: '还没有集群', text: '添加集群即可得到安装其转发器的命令，之后它会自动出现在这里。' },
  noneShared: { title: '没有可查看的集群', text: '您只能查看部分集群，而它们目前都未在此注册。' },
  noneFound: { title: '没有匹配的集群', text: (text) => `没有集群的名称或状态包含“${text}”。`, clear: '清除筛选' },
};
