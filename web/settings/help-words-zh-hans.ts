/** Simplified Chinese for the list of keys. */
import type { HelpMessages } from './help-words-en.ts';

export const zhHansHelp: HelpMessages = {
  title: '快捷键',
  anywhere: '任何位置',
  onBoard: '在看板上',
  off: '单键快捷键已在设置中关闭。',
  hint: '看板对 Tab 键来说是一站。在看板上，字母用于查找名称；在别处，字母是下列快捷键。',
  close: '关闭',
  does: {
    search: '搜索',
    help: '本列表',
    board: '看板',
    table: '表格',
    migrations: '迁移列表',
    history: '历史',
    copyLink: '复制当前页面的链接',
    close: '关闭打开的面板，离开看板',
    move: '该方向的下一台虚拟机或主机',
    edges: '主机的第一项、最后一项',
    boardEdges: '看板的第一项、最后一项',
    hosts: '上一台、下一台主机',
    type: '名称以此开头的下一项',
    open: '打开详情',
  },
};
