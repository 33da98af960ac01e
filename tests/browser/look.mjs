// 浏览器 — 在真的浏览器里看每一页：无障碍规则（axe-core）零违反，内容安全策略零违反，任何宽度都不横向溢出。
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
const faults = [];
let seen = 0;

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});

/** 一个人能走到的每一种页面，各看一页：编号不同的同类页面算一种。 */
async function walk(login) {
  const context = await browser.newContext({ javaScriptEnabled: true, bypassCSP: false });
  const page = await context.newPage();
  let where = '';
  const fault = (what) => faults.push(`${login || '公众'} ${where}：${what}`);
  page.on('console', (said) => { if (said.type() === 'error') fault(said.text()); });
  page.on('request', (asked) => { if (!asked.url().startsWith(base)) fault(`向外请求 ${asked.url()}`); });
  if (login) {
    // 只用键盘登录。
    await page.goto(`${base}/sign-in`);
    await page.focus('#login');
    await page.keyboard.type(login);
    await page.keyboard.press('Tab');
    await page.keyboard.type(password);
    await page.keyboard.press('Enter');
    await page.waitForURL(`${base}/tasks`);
  }
  const kind = (path) => path.replace(/[?#].*/, '').replace(/[A-Z]{2}-[0-9]{8}-[0-9A-Z]+/, '编号').replace(/^\/law\/\d+$/, '/law/某条').replace(/^\/calendar\/\d+$/, '/calendar/某年');
  const waiting = ['/', '/sign-in'];
  const known = new Set(waiting.map(kind));
  while (waiting.length) {
    where = waiting.shift();
    await page.goto(base + where);
    seen += 1;
    for (const width of widths) {
      await page.setViewportSize({ width, height: 900 });
      if (await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)) fault(`${width} 宽时横向溢出`);
      if (shots) await page.screenshot({ path: `${shots}/${login || '公众'}${kind(where).replaceAll('/', '_')}-${width}.png`, fullPage: true });
    }
    await page.evaluate(axe); // 由调试协议送入，不经页面的策略
    const { violations } = await page.evaluate(() => window.axe.run());
    for (const { id, help, nodes } of violations) fault(`${id}（${help}）${nodes.map((node) => node.target.join(' ')).join('；')}`);
    for (const path of await page.$$eval('a[href^="/"]', (links) => links.map((link) => link.getAttribute('href')))) {
      if (!path.startsWith('/log/') && !path.startsWith('/api/') && !/[.](csv|json)$/.test(path) && !known.has(kind(path))) {
        known.add(kind(path));
        waiting.push(path);
      }
    }
  }
  await context.close();
}

for (const login of people) await walk(login);
await browser.close();
for (const fault of faults) console.error(fault);
console.log(`看了 ${seen} 页，每页 ${widths.join('、')} 三种宽度，${faults.length} 处不对`);
process.exit(faults.length ? 1 : 0);
