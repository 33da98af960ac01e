// 浏览器 — 在真的浏览器里看每一页：无障碍规则（axe-core）零违反，内容安全策略零违反，任何宽度都不横向溢出，分量不超过预算；再关掉脚本、只用键盘，把事办成。
// 用法：node look.mjs 门户地址 口令 [存截图的目录]
import { createRequire } from 'node:module';
import { readFileSync, mkdirSync } from 'node:fs';

const require = createRequire(`${process.cwd()}/`);
const { chromium } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const [base, password, shots] = process.argv.slice(2);
if (shots) mkdirSync(shots, { recursive: true });

const people = ['', 'shiban', 'fuze', 'zhengban', 'jiaotong', 'yunying', 'rongchuang', 'shenji', 'guanli'];
const widths = [1440, 768, 375];
const budget = { plain: 60 * 1024, charts: 270 * 1024 };
const faults = [];
let seen = 0;
let heaviest = { plain: [0, ''], charts: [0, ''] };

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});

const kind = (path) => path.replace(/[?#].*/, '').replace(/[A-Z]{2}-[0-9]{8}-[0-9A-Z]+/, '编号').replace(/^\/law\/\d+$/, '/law/某条').replace(/^\/calendar\/\d+$/, '/calendar/某年').replace(/^\/organisations\/.+$/, '/organisations/某单位');

/** 打开一个浏览器窗口，登录（只用键盘），并把看到的不对记下来。 */
async function open(login, options = {}, look = '') {
  const context = await browser.newContext({ bypassCSP: false, ...options });
  if (look) await context.addCookies([{ name: 'shuyun_look', value: look, url: base }]);
  const page = await context.newPage();
  const told = { where: '' };
  const fault = (what) => faults.push(`${login || '公众'}${look ? `（${look}）` : ''} ${told.where}：${what}`);
  page.on('console', (said) => { if (said.type() === 'error' && !/status of 4\d\d/.test(said.text())) fault(said.text()); });
  page.on('pageerror', (why) => fault(`脚本出错 ${why.message}`));
  page.on('request', (asked) => { if (!asked.url().startsWith(base)) fault(`向外请求 ${asked.url()}`); });
  if (login) {
    await page.goto(`${base}/sign-in`);
    await page.focus('#login');
    await page.keyboard.type(login);
    await page.keyboard.press('Tab');
    await page.keyboard.type(password);
    await page.keyboard.press('Enter');
    await page.waitForURL(`${base}/tasks`);
  }
  return { context, page, told, fault };
}

/** 无障碍规则与各种宽度。 */
async function judge(page, fault, name) {
  seen += 1;
  for (const width of widths) {
    await page.setViewportSize({ width, height: 900 });
    if (await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)) fault(`${width} 宽时横向溢出`);
    if (shots) await page.screenshot({ path: `${shots}/${name.replaceAll('/', '_')}-${width}.png`, fullPage: true });
  }
  await page.evaluate(axe); // 由调试协议送入，不经页面的策略
  const { violations } = await page.evaluate(() => window.axe.run());
  for (const { id, help, nodes } of violations) fault(`${id}（${help}）${nodes.map((node) => node.target.join(' ')).join('；')}`);
}

/** 一个人能走到的每一种页面，各看一页：编号不同的同类页面算一种。 */
async function walk(login, start = ['/', '/sign-in'], look = '') {
  const { context, page, told, fault } = await open(login, {}, look);
  // 每一页都当作第一次来：不用缓存，数一数实际传来多少字节。
  const wire = await context.newCDPSession(page);
  await wire.send('Network.enable');
  await wire.send('Network.setCacheDisabled', { cacheDisabled: true });
  let weight = 0;
  wire.on('Network.loadingFinished', ({ encodedDataLength }) => { weight += encodedDataLength; });
  const waiting = [...start];
  const known = new Set(waiting.map(kind));
  while (waiting.length) {
    told.where = waiting.shift();
    weight = 0;
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto(base + told.where);
    const sort = (await page.$('data-chart')) ? 'charts' : 'plain';
    if (sort === 'charts') {
      await page.waitForSelector('data-chart canvas', { timeout: 10000 }).catch(() => fault('图没有画出来'));
      await page.waitForLoadState('networkidle');
    }
    if (weight > budget[sort]) fault(`传来 ${weight} 字节，超过 ${budget[sort]}`);
    if (weight > heaviest[sort][0]) heaviest[sort] = [weight, told.where];
    await judge(page, fault, `${login || '公众'}${look}${kind(told.where)}`);
    for (const path of await page.$$eval('a[href^="/"]', (links) => links.map((link) => link.getAttribute('href')))) {
      const file = ['/log/', '/api/', '/assets/'].some((head) => path.startsWith(head)) || /[.](csv|xlsx|json|docx|txt)([?]|$)|[?&]format=/.test(path);
      if (!file && !known.has(kind(path))) {
        known.add(kind(path));
        const gallery = path.startsWith('/gallery/'); // 样例对谁都一样，看三遍就够：平常的、特大深色的、登录后大字的
        if (look ? gallery : !gallery || !login) waiting.push(path);
      }
    }
  }
  await context.close();
}

/** 用 Tab 走到一个地方；走不到就是不对。 */
async function reach(page, fault, selector) {
  for (let step = 0; step < 200; step += 1) {
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return;
    await page.keyboard.press('Tab');
  }
  fault(`用键盘走不到 ${selector}`);
}

/** 不用脚本，只用键盘：不予通过一件数据需求，每一种填错都告知，最后办成。 */
async function refuse() {
  const { context, page, told, fault } = await open('shiban', { javaScriptEnabled: false });
  const says = async (text) => { if (!(await page.content()).includes(text)) fault(`没有说“${text}”`); };
  const press = async (selector) => { await reach(page, fault, selector); await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]); };
  told.where = '待办';
  await page.goto(`${base}/tasks`);
  await press('a[href^="/operation/demands/XQ-"]');
  const number = page.url().split('/').pop();
  told.where = `不予通过 ${number}`;
  const button = 'form:has(input[value="demand.refuse"]) button';
  await press(button);
  await says('审核不通过的，应当告知理由');
  if ((await page.title()).slice(0, 3) !== '错误：') fault('标题没有先说错误');
  if (!(await page.evaluate(() => document.activeElement?.matches('.alert')))) fault('焦点没有到错误汇总');
  await press('.alert h2 a');
  await reach(page, fault, 'textarea[name="reason"]');
  await page.keyboard.type('点位坐标超出场景所需');
  await reach(page, fault, 'input[name="legal_basis[]"]');
  await page.keyboard.type('本办法第十二条第三款');
  await press(button);
  await says('请核对');
  await says('点位坐标超出场景所需');
  await press('form[action="/acts/revise"] button');
  if ((await page.inputValue('textarea[name="reason"]')) !== '点位坐标超出场景所需') fault('修改时丢了已填写的内容');
  await press(button);
  await press('.btn.grave');
  await says('请输入编号');
  await reach(page, fault, 'input[name="_confirm"]');
  await page.keyboard.type(number.slice(0, -1));
  await press('.btn.grave');
  await says('输入的编号与本件不同');
  await reach(page, fault, 'input[name="_confirm"]');
  await page.keyboard.press('Control+A');
  await page.keyboard.type(number);
  await press('.btn.grave');
  if (!page.url().endsWith(number)) fault(`办成后到了 ${page.url()}`);
  await says('不予通过：点位坐标超出场景所需');
  await context.close();
}

/** 不用脚本：换字号和明暗，查找和导出卷宗。 */
async function settle() {
  const { context, page, told, fault } = await open('shenji', { javaScriptEnabled: false });
  told.where = '字号与明暗';
  await page.goto(`${base}/files?state=%E5%B1%A5%E8%A1%8C%E4%B8%AD`);
  await page.click('.look summary');
  await page.check('input[value="huge"]');
  await page.check('input[value="dark"]');
  await Promise.all([page.waitForNavigation(), page.click('.look button')]);
  const chosen = await page.evaluate(() => ({ ...document.documentElement.dataset }));
  if (chosen.size !== 'huge' || chosen.theme !== 'dark') fault(`没有照选的显示：${JSON.stringify(chosen)}`);
  if (!page.url().includes('state=')) fault('没有回到原来的地方');
  told.where = '查找卷宗';
  await page.goto(`${base}/files?subject=demand`);
  await page.fill('#f-word', '停车');
  await Promise.all([page.waitForNavigation(), page.click('form[action="/files"] .btn')]);
  const found = await page.$$eval('main tbody tr', (rows) => rows.length);
  if (!found) fault('查找“停车”没有结果');
  for (const format of ['json', 'csv', 'xlsx']) {
    const answer = await context.request.get(format === 'json' ? `${base}/api/v1/catalogue` : `${base}/catalogue.${format}`);
    if (!answer.ok() || (await answer.body()).length < 100) fault(`导出 ${format} 没有内容`);
  }
  await context.close();
}

for (const login of people) await walk(login);
await walk('', ['/gallery'], 'huge.dark');
await walk('shiban', ['/gallery', '/tasks', '/files'], 'large.light');
await settle();
await refuse();
await browser.close();
for (const fault of faults) console.error(fault);
console.log(`看了 ${seen} 页，每页 ${widths.join('、')} 三种宽度，${faults.length} 处不对`);
console.log(`最重的一页：没有图的 ${heaviest.plain.join(' 字节，')}；有图的 ${heaviest.charts.join(' 字节，')}`);
process.exit(faults.length ? 1 : 0);
