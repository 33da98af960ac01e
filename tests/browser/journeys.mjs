// 旅程 — 需求→供给、不通过与再申请，四个人各用各的浏览器：一遍只用键盘，一遍关掉脚本；再是人会造成的几种意外。
// 用法：node journeys.mjs 门户地址 口令 [存截图的目录]
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { readFileSync, mkdirSync } from 'node:fs';

const require = createRequire(`${process.cwd()}/`);
const { chromium } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const [base, password, shots] = process.argv.slice(2);
const csv = fileURLToPath(new URL('../../sample-city/parking.csv', import.meta.url));
if (shots) mkdirSync(shots, { recursive: true });

/** 一页上最多按多少次 Tab、多少次方向键，还找不到就算走不到。 */
const MOST_TABS = 150;
const MOST_ARROWS = 120;

const faults = [];
const figures = { stops: 0, tabs: 0, farthest: 0 };
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});

/** 一个人，一个浏览器。`expected` 是这段旅程里本来就会有的状态码。 */
async function person(login, { script = true, expected = [] } = {}) {
  const context = await browser.newContext({ javaScriptEnabled: script, viewport: { width: 1440, height: 900 } });
  const self = { login, context, script, mode: script ? '键盘' : '无脚本' };
  self.watch = (page) => {
    page.on('console', (said) => {
      const usual = expected.some((status) => said.text().includes(`status of ${status}`));
      if (said.type() === 'error' && !usual) faults.push(`${self.mode} ${login} ${page.url()}：${said.text()}`);
    });
    page.on('pageerror', (fault) => faults.push(`${self.mode} ${login} ${page.url()}：${fault}`));
    page.on('request', (asked) => { if (!asked.url().startsWith(base)) faults.push(`${login} 向外请求 ${asked.url()}`); });
    return page;
  };
  self.page = self.watch(await context.newPage());
  return self;
}

/** 名字里的空白不算：看不见的几个字与看得见的之间，浏览器会隔开。 */
const bare = (text) => text.replace(/\s+/g, '');
const like = (name) => new RegExp([...bare(name)].map((letter) => letter.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('\\s*'));
/** 每一次试走各用各的场景名和批次号，同一个门户可以走几遍。 */
const tag = Date.now().toString(36).slice(-5).toUpperCase();

const check = (holds, what) => { if (!holds) throw new Error(what); };

/** 无障碍规则。关掉了脚本的页面自己跑不了检查，把它的内容原样放进另一页来看。 */
let lens;
async function rules(page, script) {
  let seen = page;
  if (!script) {
    lens ??= await (await browser.newContext()).newPage();
    await lens.goto(`${base}/law/23`); // 同一来源，样式才取得到
    await lens.setContent(await page.content());
    seen = lens;
  }
  await seen.evaluate(axe); // 由调试协议送入，不经页面的策略
  return seen.evaluate(() => window.axe.run());
}

/** 停下来看这一页：无障碍规则零违反，两种宽度都不横向溢出。 */
async function stop({ page, login, mode, script = true }, name) {
  figures.stops += 1;
  for (const width of [375, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    const over = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
    if (over) faults.push(`${mode} ${login} ${name}：${width} 宽时横向溢出`);
    if (shots) await page.screenshot({ path: `${shots}/${mode}-${name}-${login}-${width}.png`, fullPage: true });
  }
  const { violations } = await rules(page, script);
  for (const { id, help, nodes } of violations) faults.push(`${mode} ${login} ${name}：${id}（${help}）${nodes.map((node) => node.target.join(' ')).join('；')}`);
}

/** 主要内容里看得到这句话。 */
async function sees({ page }, ...sentences) {
  for (const sentence of sentences) {
    await page.locator('main', { hasText: sentence }).waitFor({ timeout: 10_000 }).catch(() => { throw new Error(`没有看到“${sentence}”`); });
  }
}

/** 只用键盘：Tab、Enter、空格、方向键、打字。看名字的是浏览器自己的无障碍树，与读屏软件听到的相同。 */
const byKeyboard = {
  async focused(self) {
    self.cdp ??= await self.context.newCDPSession(self.page);
    const { result } = await self.cdp.send('Runtime.evaluate', { expression: 'document.activeElement' });
    if (!result.objectId) return { role: '', name: '' };
    const { nodes } = await self.cdp.send('Accessibility.getPartialAXTree', { objectId: result.objectId, fetchRelatives: false });
    return { role: nodes[0]?.role?.value ?? '', name: nodes[0]?.name?.value ?? '', value: nodes[0]?.value?.value ?? '' };
  },
  /** 按 Tab，直到焦点在这一名字的元素上；焦点必须看得见。 */
  async to(self, role, name) {
    for (let tabs = 0; tabs < MOST_TABS; tabs += 1) {
      const here = await this.focused(self);
      if (here.role === role && bare(here.name).includes(bare(name))) {
        figures.farthest = Math.max(figures.farthest, tabs);
        const shown = await self.page.evaluate(() => {
          const it = document.activeElement;
          const { outlineStyle, outlineWidth } = getComputedStyle(it);
          const { bottom, top, width, height } = it.getBoundingClientRect();
          return it.matches(':focus-visible') && outlineStyle !== 'none' && parseFloat(outlineWidth) > 0 && width > 0 && height > 0 && bottom > 0 && top < innerHeight;
        });
        check(shown, `焦点到了“${name}”，却看不见`);
        return here;
      }
      await self.page.keyboard.press('Tab');
      figures.tabs += 1;
    }
    throw new Error(`按了 ${MOST_TABS} 次 Tab，到不了${role}“${name}”`);
  },
  async press(self, role, name) {
    await this.to(self, role, name);
    await Promise.all([self.page.waitForNavigation(), self.page.keyboard.press('Enter')]);
  },
  async write(self, name, text) {
    await this.to(self, 'textbox', name);
    await self.page.keyboard.press('Control+A');
    await self.page.keyboard.type(text);
  },
  async tick(self, name, on = true) {
    await this.to(self, 'checkbox', name);
    if (await self.page.evaluate(() => document.activeElement.checked) !== on) await self.page.keyboard.press('Space');
  },
  async choose(self, first, name) {
    await this.to(self, 'radio', first);
    for (let arrows = 0; arrows < MOST_ARROWS; arrows += 1) {
      if ((await this.focused(self)).name.includes(name)) break;
      await self.page.keyboard.press('ArrowDown');
    }
    if (!await self.page.evaluate(() => document.activeElement.checked)) await self.page.keyboard.press('Space');
    check((await this.focused(self)).name.includes(name), `方向键选不到“${name}”`);
  },
  async pick(self, name, option) {
    await this.to(self, 'combobox', name);
    for (let arrows = 0; arrows < MOST_ARROWS; arrows += 1) {
      if (await self.page.evaluate((option) => document.activeElement.selectedOptions[0].text.includes(option), option)) return;
      await self.page.keyboard.press('ArrowDown');
    }
    throw new Error(`“${name}”里选不到“${option}”`);
  },
  async file(self, name, path) {
    await this.to(self, 'button', name);
    const [chooser] = await Promise.all([self.page.waitForEvent('filechooser'), self.page.keyboard.press('Enter')]);
    await chooser.setFiles(path);
  },
};

/** 关掉脚本，用鼠标。 */
const byMouse = {
  async press({ page }, role, name) {
    await Promise.all([page.waitForNavigation(), page.getByRole('main').or(page.locator('header')).getByRole(role, { name: like(name) }).first().click()]);
  },
  write: ({ page }, name, text) => page.getByRole('main').getByLabel(name).first().fill(text),
  tick: ({ page }, name, on = true) => page.getByRole('checkbox', { name }).setChecked(on),
  choose: ({ page }, _, name) => page.getByRole('radio', { name }).first().check(),
  async pick({ page }, name, option) {
    const list = page.getByRole('combobox', { name });
    const value = await list.locator('option').filter({ hasText: option }).first().getAttribute('value');
    await list.selectOption(value);
  },
  file: ({ page }, name, path) => page.getByLabel(name).setInputFiles(path),
};

async function signIn(self, hand) {
  await self.page.goto(`${base}/sign-in`);
  await hand.write(self, '账号', self.login);
  await hand.write(self, '口令', password);
  await hand.press(self, 'button', '登录');
  check(self.page.url() === `${base}/tasks`, `${self.login} 没有登录`);
}

const numbered = (page) => page.url().match(/XQ-\d{8}-[0-9A-Z]+/)?.[0] ?? '';

/** 从待办里打开一件。 */
async function open(self, hand, id, scenario) {
  await self.page.goto(`${base}/tasks`);
  await hand.press(self, 'link', scenario);
  check(numbered(self.page) === id, `待办里的“${scenario}”不是 ${id}`);
}

/** 一段一段走；哪一段不对，说出那一页，后面的不走了。 */
async function walk(title, people, steps) {
  let now = '';
  const began = Date.now();
  try {
    for (const [name, step] of steps) {
      now = name;
      await step();
    }
  } catch (fault) {
    faults.push(`${title}“${now}”没有走通：${fault.message}`);
    for (const { login, page } of people) faults.push(`  ${login} 在 ${page.url()}：${(await page.locator('main').innerText().catch(() => '')).slice(0, 600)}`);
  }
  for (const { context } of people) await context.close();
  console.log(`${title}：${steps.length} 段，${Math.round((Date.now() - began) / 1000)} 秒`);
}

/** J3 需求→供给，中间是 J4 不通过与再申请。 */
async function journey(mode, hand, script) {
  const [operator, agency, provider, auditor] = await Promise.all(['yunying', 'shiban', 'jiaotong', 'shenji'].map((login) => person(login, { script })));
  const scenario = `${mode}试走${tag}：医院周边停车引导`;
  const again = `${mode}再提${tag}：医院周边停车引导`;
  const batch = `PC-${script ? 'KEYS' : 'PLAIN'}-${tag}`;
  let first = '';
  let second = '';
  await walk(`${mode}旅程`, [operator, agency, provider, auditor], [
    ['登录', async () => { for (const self of [operator, agency, provider, auditor]) await signIn(self, hand); }],
    ['没有选择就继续，错误在最上面，也在字段旁', async () => {
      await hand.press(operator, 'link', '发起数据需求');
      await stop(operator, '1选择');
      await hand.press(operator, 'button', '继续');
      await sees(operator, '这一步还有1处要填', '没有选择目录条目');
      await stop(operator, '1选择-错误');
    }],
    ['选择协议与条目', async () => {
      await hand.choose(operator, '机动车停车场', '机动车停车场');
      await hand.press(operator, 'button', '继续');
      await sees(operator, '只选场景所需的最少信息项');
      await stop(operator, '2信息项');
    }],
    ['信息项与用途，漏填的说得出是哪几处', async () => {
      for (const field of ['停车场编号', '时段', '空余泊位', '登记手机号']) await hand.tick(operator, `（${field}）`);
      await hand.press(operator, 'button', '继续');
      await sees(operator, '这一步还有2处要填', '没有选择用途类别', '数据需求应写明应用场景和必要性');
      await stop(operator, '2信息项-错误');
      await hand.choose(operator, '公共治理', '产业发展');
      await hand.write(operator, '应用场景', scenario);
      await hand.press(operator, 'button', '继续');
      await sees(operator, '没有这些信息项，场景为什么做不成');
      await stop(operator, '3必要性');
    }],
    ['保存草稿，离开，再打开', async () => {
      await hand.write(operator, '必要性说明', '按小时看空余泊位，才知道病人到的时候停在哪里。');
      await hand.press(operator, 'button', '保存草稿');
      await sees(operator, '草稿已保存');
      await hand.press(operator, 'link', '我的待办');
      await sees(operator, '我的草稿', scenario);
      await stop(operator, '4待办里的草稿');
      await hand.press(operator, 'link', scenario);
      await sees(operator, '提交之后', '实施机构在5个工作日内完成数据需求形式审查', '病人到的时候停在哪里');
      await stop(operator, '5核对');
    }],
    ['从核对页回去修改，别的都在，再提交', async () => {
      await hand.press(operator, 'link', '修改必要性说明');
      await hand.write(operator, '必要性说明', '按小时看空余泊位，才知道病人到的时候停在哪里；手机号用于核对停车场是否在营。');
      await hand.press(operator, 'button', '继续');
      await sees(operator, '核对停车场是否在营', scenario, '产业发展');
      await hand.press(operator, 'button', '提交');
      await sees(operator, '形式审查');
      first = numbered(operator.page);
      check(first, '没有得到编号');
      await stop(operator, '6已提交');
    }],
    ['实施机构不予通过，选法条，写理由', async () => {
      await open(agency, hand, first, scenario);
      await stop(agency, '7审查');
      await hand.write(agency, '理由', '登记手机号与停车引导无关，超出最小必要范围，请去掉后再提出。');
      await hand.pick(agency, '本办法的条款', '第十二条第三款');
      await hand.press(agency, 'button', '不予通过');
      await sees(agency, '请核对', '办理之后');
      await stop(agency, '8核对不予通过');
      await hand.write(agency, '输入编号以确认', first);
      await hand.press(agency, 'button', '确认不予通过');
      await sees(agency, '登记手机号与停车引导无关', '本办法第十二条第三款');
      await stop(agency, '8不予通过');
    }],
    ['运营机构据此修改后再提出，看得到区别', async () => {
      await operator.page.goto(`${base}/operation/demands/${first}`);
      await hand.press(operator, 'link', '据此修改后再提出');
      await sees(operator, '前次不予通过', '登记手机号与停车引导无关');
      await stop(operator, '9再申请');
      await hand.tick(operator, '（登记手机号）', false);
      await hand.write(operator, '应用场景', again);
      await hand.press(operator, 'button', '继续');
      await hand.write(operator, '必要性说明', '按小时看空余泊位，才知道病人到的时候停在哪里。');
      await hand.press(operator, 'button', '继续');
      await sees(operator, '与前次的区别', '去掉', '改写', '登记手机号与停车引导无关');
      await stop(operator, '10再申请核对');
      await hand.press(operator, 'button', '提交');
      await sees(operator, '前次申请', first);
      second = numbered(operator.page);
      check(second && second !== first, '再申请没有新的编号');
    }],
    ['两级审查都看得到前次和区别', async () => {
      await open(agency, hand, second, again);
      await sees(agency, '前次申请', first);
      await hand.press(agency, 'link', '看与前次的区别');
      await sees(agency, '登记手机号');
      await stop(agency, '11区别');
      await hand.press(agency, 'link', second);
      await hand.press(agency, 'button', '通过');
      await sees(agency, '提供单位审核');
      await open(provider, hand, second, again);
      await sees(provider, '前次申请', first);
      await hand.press(provider, 'button', '通过');
      await sees(provider, '待供给');
      await stop(provider, '12待供给');
    }],
    ['提供单位从这一件去挂载，挂完回到这一件供给', async () => {
      await hand.press(provider, 'link', '为这一件挂载供给文件');
      await sees(provider, `为数据需求 ${second} 挂载`);
      await stop(provider, '13挂载');
      await hand.write(provider, '批次号', batch);
      await hand.file(provider, 'CSV 文件', csv);
      await hand.press(provider, 'button', '挂载');
      check(numbered(provider.page) === second, '挂载之后没有回到这一件');
      await hand.pick(provider, '批次', batch);
      await hand.press(provider, 'button', '供给');
      await sees(provider, '已供给', `批次 ${batch}`);
    }],
    ['运营机构看得到回执', async () => {
      await operator.page.goto(`${base}/operation/demands/${second}`);
      await sees(operator, '已供给', `批次 ${batch}`, '500 行');
      await hand.press(operator, 'link', batch);
      await sees(operator, '锦川市交通运输局', '入库版本');
      await stop(operator, '14回执');
    }],
    ['监督审计看得到整个经过', async () => {
      await auditor.page.goto(`${base}/operation/demands/${first}`);
      await sees(auditor, '再申请', second, '不予通过');
      await hand.press(auditor, 'link', second);
      await sees(auditor, '前次申请', '已供给');
      await stop(auditor, '15监督');
    }],
  ]);
}

/** 填到核对页。 */
async function filled(page, scenario) {
  const go = () => Promise.all([page.waitForNavigation(), page.getByRole('button', { name: '继续' }).click()]);
  await page.goto(`${base}/operation/demands/new`);
  await page.getByRole('radio', { name: '机动车停车场' }).first().check();
  await go();
  await page.getByRole('checkbox', { name: '（时段）' }).check();
  await page.getByRole('radio', { name: '公益事业' }).check();
  await page.getByLabel('应用场景').fill(scenario);
  await go();
  await page.getByLabel('必要性说明').fill('按小时判断供需');
  await go();
  return page.url();
}

/** 人会造成的意外。 */
async function mishaps() {
  const self = await person('yunzong', { expected: [401, 409] });
  self.mode = '意外';
  const other = self.watch(await self.context.newPage());
  const { page } = self;
  const submit = (tab) => Promise.all([tab.waitForNavigation(), tab.getByRole('button', { name: '提交', exact: true }).click()]);
  const underway = async (scenario) => (await self.context.request.get(`${base}/tasks`)).text().then((text) => text.split(`${scenario}</a>`).length - 1);
  await walk('意外', [self], [
    ['登录', async () => {
      await page.goto(`${base}/sign-in`);
      await page.fill('#login', 'yunzong');
      await page.fill('#password', password);
      await Promise.all([page.waitForNavigation(), page.getByRole('main').getByRole('button', { name: '登录', exact: true }).click()]);
    }],
    ['双击提交，只有一件', async () => {
      await filled(page, `双击的场景${tag}`);
      await page.getByRole('button', { name: '提交', exact: true }).dblclick();
      for (let waits = 0; waits < 100 && !numbered(page); waits += 1) await page.waitForTimeout(50);
      await page.waitForLoadState();
      check(await underway(`双击的场景${tag}`) === 1, `双击之后有 ${await underway(`双击的场景${tag}`)} 件`);
    }],
    ['后退再提交，还是那一件', async () => {
      const check_page = await filled(page, `后退的场景${tag}`);
      await other.goto(check_page); // 同一页，另一个标签页，还没有提交
      await submit(page);
      const id = numbered(page);
      await page.goBack();
      await page.waitForLoadState();
      check(numbered(page) === id, `后退到了 ${page.url()}`);
      await submit(other);
      check(numbered(other) === id, `重新提交到了 ${other.url()}`);
      check(await underway(`后退的场景${tag}`) === 1, '后退再提交成了两件');
    }],
    ['两个标签页，后一个得知前一个改了什么', async () => {
      const check_page = await filled(page, `两个标签页的场景${tag}`);
      const explain = check_page.replace('step=check', 'step=explain');
      await Promise.all([page.goto(explain), other.goto(explain)]);
      await page.getByLabel('必要性说明').fill('第一个标签页写的');
      await Promise.all([page.waitForNavigation(), page.getByRole('button', { name: '继续' }).click()]);
      await other.getByLabel('必要性说明').fill('第二个标签页写了很久');
      await Promise.all([other.waitForNavigation(), other.getByRole('button', { name: '继续' }).click()]);
      await sees({ page: other }, '您打开这一页之后，本件又有1次办理');
      check(await other.getByLabel('必要性说明').inputValue() === '第二个标签页写了很久', '第二个标签页写的没有了');
      await stop({ page: other, login: 'yunzong', mode: '意外' }, '过时的一页');
      await Promise.all([other.waitForNavigation(), other.getByRole('button', { name: '继续' }).click()]);
      await sees({ page: other }, '第二个标签页写了很久');
      await submit(page); // 第一个标签页上还是旧的内容
      await sees(self, '这份草稿又保存过');
      await submit(other);
      const id = numbered(other);
      check(id, '第二个标签页没有提交成');
      await page.goto(check_page);
      check(numbered(page) === id, '草稿没有领到提交成的那一件');
    }],
    ['会话中途结束，写的都在', async () => {
      const check_page = await filled(page, `中断的场景${tag}`);
      await page.goto(check_page.replace('step=check', 'step=explain'));
      await page.getByLabel('必要性说明').fill('写到一半会话结束了');
      await other.goto(`${base}/tasks`);
      await Promise.all([other.waitForNavigation(), other.getByRole('button', { name: '退出' }).click()]);
      await Promise.all([page.waitForNavigation(), page.getByRole('button', { name: '继续' }).click()]);
      await sees(self, '刚才填写的内容保留着');
      await stop(self, '会话结束');
      await page.fill('#login', 'yunzong');
      await page.fill('#password', password);
      await Promise.all([page.waitForNavigation(), page.getByRole('main').getByRole('button', { name: '登录', exact: true }).click()]);
      await sees(self, '写到一半会话结束了');
      await stop(self, '接着办理');
      await Promise.all([page.waitForNavigation(), page.getByRole('button', { name: '接着办理' }).click()]);
      await sees(self, '写到一半会话结束了', `中断的场景${tag}`, '提交之后');
    }],
    ['删除草稿', async () => {
      await page.goto(`${base}/tasks`);
      await sees(self, '我的草稿');
      await Promise.all([page.waitForNavigation(), page.getByRole('button', { name: like(`删除草稿“中断的场景${tag}”`) }).click()]);
      check(!(await page.locator('main').innerText()).includes(`中断的场景${tag}`), '草稿没有删掉');
    }],
  ]);
}

await journey('键盘', byKeyboard, true);
await journey('无脚本', byMouse, false);
await mishaps();
await browser.close();
for (const fault of faults) console.error(fault);
console.log(`停下来看了 ${figures.stops} 次，按了 ${figures.tabs} 次 Tab，最远的一处 ${figures.farthest} 次，${faults.length} 处不对`);
process.exit(faults.length ? 1 : 0);
