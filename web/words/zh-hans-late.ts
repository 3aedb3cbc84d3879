/** 简体中文：首屏之后才用到的文字，以及多个视图共用的文字；单个视图的文字在其目录中。用语见 zh-hans.ts。 */
import type { Drain, DrainAnswer, Wait, WaitReason } from '../../core/model.ts';
import type { LateMessages } from './en-late.ts';
import type { Formats } from './format.ts';
import { FIRST_ROUGH_PLACE } from './place-in-line.ts';

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

  refusalWords: {
    'login-required': '未登录',
    'signed-out': '已退出登录',
    'access-closed': '未开放访问',
    'unknown-cluster': '未知集群',
    gone: '已移除',
    outdated: '页面已过期',
  },
  askedInstead: (host) => `原指定 ${host}`,
  fromCluster: (host) => `← 另一集群${host === undefined ? '' : `的主机 ${host}`}`,
  allClusters: '全部集群',

  dangers: {
    'post-copy': '后拷贝进行中：请勿操作两端主机',
    'dead-host': '所在主机无响应',
    'io-error': '因 I/O 错误暂停',
    'manual-recovery': '需要人工恢复',
    'not-converging': '内存变化快于复制速度',
  },

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
    label: '进度',
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
    noVms: '集群中没有虚拟机。',
  },

  settings: {
    language: '语言',
    theme: '配色',
    themes: { system: '跟随系统', light: '浅色', dark: '深色' },
    title: '设置',
    motion: '动画',
    motions: { system: '跟随系统', reduced: '减少', full: '完整' },
    shortcuts: '单键快捷键',
    keys: '快捷键列表',
  },

  drain: {
    board: '腾空看板',
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
    old: (time) => (time === undefined ? '' : ` — 最后画面 ${time}`),
    past: ' — 这是历史画面',
    no: {
      moment: (reason) => `；当时：不可以 — ${reason}`,
      heard: (reason, time) => `；最后画面${time === undefined ? '' : `（${time}）`}时：不可以 — ${reason}`,
    },
    contradiction: ' — 画面自相矛盾',
  },

  facts: {
    notKnown: '未知',
    noHost: '无',
    unknownHost: '未知主机',
    otherCluster: '另一集群',
    targetPending: '正在选择',
    noTarget: '无已知目标',
    cause: '发起原因',
    route: (what, way) => `${what}，${way}`,
    yes: '是',
    no: '否',
    noBecause: (reason) => `否：${reason}`,
    onlyRunning: '仅限运行时',
    endedUnwatched: '结束时无人观察',
    unwatched: '无人观察',
  },
  copyLink: { copy: '复制链接', copied: '已复制链接', byHand: '浏览器在此不允许复制，请手动复制此地址' },

  capacity: {
    hint: '这是分配给虚拟机的数量，不是实际用量；KubeVirt 和其他 Pod 的占用未计入。',
    cpu: {
      name: '虚拟机 CPU',
      given: (sum) => `${sum} vCPU`,
      of: (given, allocatable) => `${given} / ${allocatable} 核`,
      over: 'vCPU 多于物理核，由虚拟机共享。',
    },
    memory: {
      name: '虚拟机内存',
      given: (sum) => sum,
      of: (given, allocatable) => `${given} / ${allocatable}`,
      over: '内存超出主机可提供的数量。',
    },
    allocatableUnknown: '主机可提供的数量未知',
    atLeast: (sums) => `至少 ${sums}`,
    unknown: (vms) => `有 ${vms} 台虚拟机数量未知，未计入。`,
    arriving: (given) => `迁入中：另有 ${given}`,
    arrivingUnknown: (vms) => `迁入中：${vms} 台数量未知`,
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
    refused: '登录失败。',
    signOut: '退出登录',
    signOutFailed: '退出登录失败，请重试。',
  },

  search: {
    views: '视图',
    view: { board: '看板', table: '表格', migrations: '热迁移', drain: '腾空' },
    label: '搜索虚拟机',
    placeholder: '搜索：名称、host:、state:、is:moving …',
    found: (found, vms) => `${found.toLocaleString('zh')}/${vms.toLocaleString('zh')}`,
    foundSaid: (found, vms) => `${vms.toLocaleString('zh')} 台虚拟机中有 ${found.toLocaleString('zh')} 台匹配`,
    hide: '隐藏其余',
    options: '筛选',
    more: '更多',
    group: '分组',
    groups: { host: '分组：主机', zone: '分组：可用区', namespace: '分组：命名空间', none: '分组：无' },
    groupByLabel: (key) => `分组：标签 ${key}`,
    sort: '排序',
    sorts: { name: '排序：名称', memory: '排序：内存', cpu: '排序：vCPU', vms: '排序：虚拟机数' },
    vcpus: (vcpus) => `${vcpus} 个 vCPU`,
    memoryUnknown: '内存未知',
    vcpusUnknown: 'vCPU 数未知',
    ascending: '升序，点击反转',
    descending: '降序，点击反转',
    held: '排序暂缓',
    help: '搜索帮助',
    close: '关闭',
    nothing: '没有匹配的虚拟机',
    clearAll: '清除搜索',
    shown: (shown, vms) => `显示 ${shown.toLocaleString('zh')}/${vms.toLocaleString('zh')} 台`,
    fold: (host) => `${host} 的虚拟机`,
    hosts: (hosts) => `${hosts} 台主机`,
    noZone: '无可用区',
    noLabel: (key) => `无标签 ${key}`,
    emptyLabel: (key) => `标签 ${key} 无值`,
    allVms: '全部虚拟机',
    noHost: '不在任何主机上',
    marks: {
      moving: '迁移中',
      queued: '排队中',
      failed: '上次迁移失败',
      danger: '有风险',
      stuck: '无法迁移',
      attention: '需要处理',
    },
    problem: {
      unknownKey: (word) => `“${word}:”不是搜索用词，按文字搜索。`,
      meant: '是否指',
      thereIs: '可选：',
      unknownValue: (key, word) => `${key}: 没有“${word}”这个值。`,
      noValue: (key) => `${key}: 之后可以是`,
      noName: (key) => `${key}: 之后缺少名称。`,
      openQuote: '引号没有闭合：其后全部算作一段文字。',
      noSuch: (key, word) => `没有 ${key}:${word}。`,
      otherCluster: (word) => `当前集群不是 cluster:${word}。请在全部集群页面搜索集群。`,
      more: (problems) => `另有 ${problems} 处。`,
    },
    language: {
      title: '搜索',
      intro: '所有词都须满足，不分大小写和重音符号。按 Enter 键转到找到的第一台虚拟机。示例可以点击。',
      rows: [
        ['web', '名称、显示名或命名空间的一部分'],
        ['web-*', '完整名称，* 代表任意文字'],
        ['name:web-1', '完整名称'],
        ['"two words"', '引号内的符号都按原样'],
        ['-web', '排除'],
        ['host:host-1,host-2', '在这些主机之一，或正在迁入'],
        ['to:host-2', '正在或被要求迁往该主机'],
        ['ns:default', '命名空间'],
        ['zone:a', '所在主机的可用区'],
        ['state:error,paused', '处于这些状态之一，也可写：state:错误'],
        ['is:moving', '与页首的计数一致'],
        ['stage:transferring', '热迁移的阶段'],
        ['cause:drain', '当前或上次迁移的发起原因'],
        ['outcome:failed', '上次迁移的结果'],
        ['label:team=db', '标签；label:team 为任意值'],
        ['os:windows', '操作系统；os:"" 为未知'],
      ],
    },
  },

  history: {
    open: '历史',
    hint: '这是过去的画面，不是现在。',
    span: '范围',
    spans: { '1h': '1 小时', '6h': '6 小时', '24h': '1 天', all: '全部历史' },
    chart: (moves, failed) => `这段时间内有 ${moves.toLocaleString('zh')} 次热迁移结束，其中 ${failed.toLocaleString('zh')} 次失败`,
    notHeard: '没有消息',
    silences: (times, length, isAtLeast) => `${times} 次没有消息，共${isAtLeast ? '至少' : ''} ${length}`,
  },

  announce: {
    moved: {
      one: (vm, to) => `${vm} 已迁移${to === null ? '' : `到 ${to}`}`,
      many: (vms, from) => `${vms} 台虚拟机已${from === null ? '迁移' : `从 ${from} 迁出`}`,
    },
    started: {
      one: (vm, to) => `${vm} 开始迁移${to === null ? '' : `到 ${to}`}`,
      many: (vms, from) => `${vms} 台虚拟机开始${from === null ? '迁移' : `从 ${from} 迁出`}`,
    },
    failed: {
      one: (vm, to) => `${vm}${to === null ? ' 热迁移' : ` 迁移到 ${to} `}失败`,
      many: (moves) => `${moves} 次迁移失败`,
    },
    loop: (vm) => `${vm} 的迁移反复失败`,
    aborted: {
      one: (vm, to) => `${vm}${to === null ? ' 热迁移' : ` 迁移到 ${to} `}已中止`,
      many: (moves) => `${moves} 次迁移已中止`,
    },
    ended: {
      one: (vm, to) => `${vm}${to === null ? ' 热迁移' : ` 迁移到 ${to} `}已结束，结果未知`,
      many: (moves) => `${moves} 次迁移已结束，结果未知`,
    },
    attention: (vms) => `${vms} 台虚拟机需要处理`,
    down: (hosts) => `${hosts} 不可用`,
    up: (hosts) => `${hosts} 已恢复`,
    drained: (hosts) => `${hosts} 已腾空，可以安全关机`,
    maintained: (hosts) => `${hosts} 已进入维护`,
    unsafe: (hosts) => `${hosts} 不再可以安全关机`,
    others: (hosts) => `另外 ${hosts} 台`,
    lost: '连接已断开，当前画面可能已过时。',
    stale: '集群没有消息，当前画面可能已过时。',
    back: '画面已恢复实时。',

    region: '刚刚发生的事',
    dismiss: '关闭',
    away: (text) => `您离开期间：${text}`,
    silent: '无更新',
    unreached: '未连接',
  },

  notify: {
    title: '桌面通知',
    hint: '迁移失败、主机不可用、腾空完成时通知。仅当此页面在标签页中打开时有效；开启后，页面在后台也保持连接。',
    on: '开',
    off: '关',
    asking: '浏览器正在询问…',
    denied: '浏览器禁止此页面发送通知。可在浏览器的网站设置中允许。',
    dismissed: '未在浏览器中作出选择，请重试。',
    unsupported: '此浏览器不支持页面通知。',
    insecure: '浏览器仅允许通过 HTTPS 提供的页面发送通知。',
    kinds: { failed: '迁移失败', down: '主机不可用', drain: '主机腾空' },
  },

  wall: {
    open: '大屏',
    leave: '退出',
    hint: '按 Esc 退出大屏',
    shown: (of, first, last, all, isPart) =>
      `${of === 'hosts' ? '主机' : '集群'} ${first}–${last}，共 ${all.toLocaleString('zh')}${isPart ? '（部分）' : ''}`,
    turn: (place, all) => `${place} / ${all.toLocaleString('zh')}`,
  },

  newVersion: {
    text: 'Hostview 已升级，刷新即可使用新版本。',
    later: '稍后',
  },

  export: {
    open: '导出',
    title: '导出当前内容',
    vmsCsv: '虚拟机（CSV）',
    hostsCsv: '主机（CSV）',
    json: '虚拟机和主机（JSON）',
    found: (found, vms) => `${vms.toLocaleString('zh')} 台虚拟机中搜索到的 ${found.toLocaleString('zh')} 台。`,
    all: (vms) => `全部 ${vms.toLocaleString('zh')} 台虚拟机。`,
    past: '当前显示的是过去，文件中会注明。',
    notLive: (time) => `画面不是实时的${time === null ? '' : `，最后消息 ${time}`}，文件中会注明。`,
    saved: (name) => `已保存为 ${name}`,
    failed: '文件未能生成。',
  },
};
