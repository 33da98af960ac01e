// 浏览器 — 打开 Chromium，登记一件不对的事，说出结果。登录的两段试验共用。
import { createRequire } from 'node:module';
import { mkdirSync, readFileSync } from 'node:fs';

const require = createRequire(`${process.cwd()}/`);
const { chromium } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const shots = process.env.SHOTS; // 存截图的目录，要看的时候才给

export const open = () => chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});

/** 一步一步走；哪一步不对，说出那一页。本平台的页面不许在控制台报错；别家的页面不管，拒绝的答复不算；每一步停下的地方还要合无障碍规则。 */
export async function walk(title, base, page, steps) {
  const faults = [];
  page.on('console', (said) => { if (said.type() === 'error' && page.url().startsWith(base) && !/status of 4\d\d/.test(said.text())) faults.push(said.text()); });
  page.on('pageerror', (fault) => faults.push(String(fault)));
  let now = '';
  try {
    for (const [name, step] of steps) {
      now = name;
      await step();
      if (page.url().startsWith(base)) await look(page, name, faults);
    }
  } catch (fault) {
    faults.push(`“${now}”没有走通：${fault.message}\n${page.url()}\n${await page.locator('main').innerText().catch(() => '')}`);
  }
  for (const fault of faults) console.error(fault);
  console.log(`${title}：${steps.length} 步，${faults.length} 处不对`);
  return faults.length;
}

/** 这一页合无障碍规则，375 宽也不横向溢出。 */
async function look(page, name, faults) {
  await page.evaluate(axe); // 由调试协议送入，不经页面的策略
  const { violations } = await page.evaluate(() => window.axe.run());
  for (const { id, help, nodes } of violations) faults.push(`“${name}”：${id}（${help}）${nodes.map((node) => node.target.join(' ')).join('；')}`);
  const before = page.viewportSize();
  await page.setViewportSize({ width: 375, height: 900 });
  if (await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)) faults.push(`“${name}”：375 宽时横向溢出`);
  await page.setViewportSize(before);
  if (shots) { mkdirSync(shots, { recursive: true }); await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true }); }
}

/** 主要内容里有这句话。 */
export async function says(page, sentence) {
  await page.locator('main', { hasText: sentence }).waitFor({ timeout: 15000 });
}

/** 以口令登录。 */
export async function enter(page, base, login, password) {
  await page.goto(`${base}/sign-in`);
  await page.fill('#login', login);
  await page.fill('#password', password);
  await page.click('button:has-text("登录"):not(:has-text("单点")):not(:has-text("通行密钥"))');
}
