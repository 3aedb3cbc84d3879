/** 简体中文：首屏之后才用到的文字。用语见 zh-hans.ts。 */
import type { Drain, DrainAnswer, Wait, WaitReason } from '../core/model.ts';
import type { LateMessages } from './en-late.ts';
import type { Formats } from './format.ts';

const WAITS: Record<WaitReason, string | ((wait: Wait, formats: Formats) => string)> = {
  peer: '等待另一集群',
  quota: '资源配额不足',
  backup: '正在备份',
  'utility-volumes': '挂载了工具卷',
  blocked: '受阻',
  backoff: ({ failures, seconds }, formats) =>
    `失败${failures === undefined ? '' : ` ${failures} 次`}后 KubeVirt 等待${seconds === undefined ? '重试' : ` ${formats.duration(seconds * 1_000)}`}`,
  'active-pods': '该虚拟机有两个 launcher Pod',
  'cluster-limit': ({ used, limit }) => `集群的迁移名额已用${slots(used, limit)}`,
  'host-limit': ({ used, limit, host }) => `${host === undefined ? '从其主机' : `从 ${host} `}迁出的名额已用${slots(used, limit)}`,
  unschedulable: '没有主机可接收',
  'same-host': ({ host }) => `目标 Pod 落在源主机${host === undefined ? '上' : ` ${host} 上`}`,
  'unknown-phase': '未知阶段',
  'no-migration': '尚未创建迁移',
  'not-migratable': '无法热迁移',
  shutdown: '将被关机',
};

const slots = (used: number | undefined, limit: number | undefined): string =>
  used === undefined || limit === undefined ? '满' : ` ${used}/${limit}`;

/** 从这一位起，{@link Wait.place} 只是下限。 */
const FIRST_ROUGH_PLACE = 10;

const ANSWERS: Record<DrainAnswer, string | ((drain: Drain) => string)> = {
  empty: '没有虚拟机在此，也没有正在迁入。未检查存储卷',
  off: '已关机',
  'not-reporting': '主机失去联系，不知道上面运行着什么',
  'vms-here': ({ here }) => `还有 ${here} 台虚拟机在此`,
  'vms-arriving': ({ arriving }) => `有 ${arriving} 台虚拟机正在迁入`,
  'vms-unplaced': '有虚拟机正在分配主机，可能就在此',
  schedulable: '虚拟机仍可能被调度到此',
  'maintenance-under-way': 'Harvester 尚未完成',
  'etcd-quorum': 'etcd 会失去多数节点',
};

export const zhHansLate: LateMessages = {
  outcomes: { succeeded: '成功', failed: '失败', aborted: '已中止', unknown: '已结束，结果未知' },

  notes: {
    queuedFor: (host) => (host === undefined ? '等待迁移' : `等待迁移 → ${host}`),
    migrationEnded: (outcome, host) => `${host === null ? '热迁移' : `迁移到 ${host} `}${zhHansLate.outcomes[outcome]}`,
    failedEarlier: '上次迁移失败',
    tried: (what, tries) => `${what}（已连续 ${tries} 次未成功）`,
    loop: (tries) => `反复失败${tries === undefined ? '' : `（已连续 ${tries} 次）`}`,
    toLeave: '需迁出',
    movedAway: '已迁移到另一集群',
    because: (what, reason) => `${what}：${reason}`,
  },

  wait(wait, formats) {
    const head = WAITS[wait.reason];
    const { assumed, detail, failures, place, reason } = wait;
    return [
      typeof head === 'string' ? head : head(wait, formats),
      assumed && '（上限为推测）',
      detail !== undefined && `：${detail}`,
      failures !== undefined && reason !== 'backoff' && `，此前失败 ${failures} 次`,
      place !== undefined && `，大约排在第 ${place} 位${place < FIRST_ROUGH_PLACE ? '' : '或更后'}`,
    ]
      .filter(Boolean)
      .join('');
  },

  progress: {
    left: (amount) => `剩余 ${amount}`,
    rate: (amount) => `${amount}/秒`,
    dirtyRate: (amount) => `变化 ${amount}/秒`,
    outrun: '无法收敛：内存变化与复制一样快',
    stuck: '没有收敛：剩余数据没有减少',
    unknown: '无测量数据',
  },

  safe: { question: '可否安全断电：', yes: '可以', no: '不可以', unknown: '目前未知', off: '已关机' },

  empty: {
    waiting: { title: '等待首次同步', text: '集群已注册，转发器开始上报后主机就会出现。' },
    noHosts: { title: '没有主机', text: '集群中没有主机和虚拟机。' },
    notFound: { title: '页面不存在', text: '这个地址不对应 Hostview 的任何页面。' },
  },

  settings: {
    language: '语言',
    theme: '配色',
    themes: { system: '跟随系统', light: '浅色', dark: '深色' },
  },

  drain: {
    gone: (gone, were, isAtLeast) => `${isAtLeast ? '至少 ' : ''}${were} 台中 ${gone} 台已离开`,
    moving: (vms) => `${vms} 台迁移中`,
    stopping: (vms) => `${vms} 台关机中`,
    waiting: (vms) => `${vms} 台等待中`,
    stuck: (vms) => `${vms} 台无法迁移`,
    unasked: (vms) => `${vms} 台未被要求离开`,
    arriving: (vms) => `${vms} 台迁入中`,
    since: (time) => `自 ${time} 起`,
    because(drain) {
      const answer = ANSWERS[drain.because];
      return typeof answer === 'string' ? answer : answer(drain);
    },
    lastPicture: (time) => ` — 最后画面 ${time}`,
    wasNo: (reason, time) => `；最后画面${time === undefined ? '' : `（${time}）`}时：不可以 — ${reason}`,
  },

  clusters: '集群',
  noClusters: { title: '还没有集群', text: '注册一个集群并运行它的转发器，它会自动出现在这里。' },
  freshness: { live: '实时', stale: '无更新', waiting: '等待中', unknown: '未知' },
  unknownCluster: '边缘服务没有得到此集群的回应，目前对它一无所知。',
  hostCount: (up, total) => `${up}/${total} 台主机在线`,
  transitCount: (transits) => `${transits} 个热迁移`,
  failedCount: (failed) => `${failed} 台失败`,

  details: {
    close: '关闭',
    vm: '虚拟机',
    namespace: '命名空间',
    state: '状态',
    reason: '原因',
    host: '主机',
    noHost: '无',
    danger: '风险',
    toLeave: '需迁出',
    moving: '热迁移',
    asked: '指定目标',
    waitingFor: '等待原因',
    cause: '发起原因',
    elapsed: '开始于',
    progress: '进度',
    peer: '对端',
    pair: (pair) => `配对 ${pair}`,
    otherCluster: '另一集群',
    lastMigration: '上次迁移',
    route: (what, from, to) => `${what}，${from} → ${to}`,
    noBecause: (reason) => `否：${reason}`,
    unknownHost: '未知主机',
    targetPending: '正在选择',
    ended: '结束时间',
    endedUnwatched: '结束时无人观察',
    tries: '连续未成功次数',
    blackout: '停顿时长',
    notKnown: '未知',
    previous: '此前',
    wasThere: (host, until) => `在 ${host}，直到 ${until}`,
    wasThereUnwatched: (host) => `在 ${host}，离开时无人观察`,
    migratable: '可热迁移',
    yes: '是',
    no: '否',
    os: '操作系统',
    cpu: 'CPU',
    cores: (cores) => `${cores} 核`,
    memory: '内存',
    gone: '集群中已没有这台虚拟机。',
  },

  troubles: {
    network: '网络无法连接到 Hostview。',
    server: 'Hostview 返回了错误。',
    silence: '数据流没有动静。',
    gap: '有一处变更在途中丢失，正在重新获取完整画面。',
  },
  staleHint: '集群没有消息，这里是最后已知的画面。',
  refusals: {
    'login-required': { title: '登录', text: '请登录以继续，这里是最后已知的画面。' },
    'signed-out': { title: '您已退出登录', text: '请刷新本页以重新登录。' },
    'access-closed': { title: '此处未开放查看', text: '请联系 Hostview 的管理员开放访问。' },
    'unknown-cluster': { title: '没有这个名称的集群', text: '它从未在此注册，或已被移除。' },
    gone: { title: '该集群已被移除', text: '其数据已从这里清除。' },
    outdated: { title: '页面版本已过期', text: 'Hostview 已升级，请刷新页面。' },
  },

  signIn: {
    first: '此 Hostview 需要访问令牌，请向管理员索取。',
    again: '您已退出登录，画面已停止更新。请重新登录以继续。',
    token: '访问令牌',
    submit: '登录',
    busy: '正在登录…',
    wrongToken: '该令牌未被接受。请检查，或索取新的令牌。',
    wrongShare: '此分享链接已过期或已被撤销。请索取新的链接，或使用令牌登录。',
    empty: '请先输入令牌。',
    unreachable: '无法连接到 Hostview，请重试。',
    wait: (seconds) => `尝试次数过多，请在 ${seconds} 秒后重试。`,
    waitAWhile: '尝试次数过多，请稍后重试。',
    refused: (why) => `登录失败：${why}`,
    signOut: '退出登录',
    signOutFailed: '退出登录失败，请重试。',
  },

  announce: {
    moved: (vms) => `${vms} 台虚拟机完成迁移`,
    started: (vms) => `${vms} 台虚拟机开始迁移`,
    ended: (vms) => `${vms} 次迁移失败或中止`,
    lost: '连接已断开，当前画面可能已过时。',
    stale: '集群没有消息，当前画面可能已过时。',
  },
};
