// 图表 — draws the table that it surrounds; without script, or on paper, the table is all there is.
const NAMES = { bar: 'bar', line: 'line', pie: 'pie' };
const LIGHT = ['#0B5CAD', '#D97706', '#1A7F5A', '#8E44AD', '#C0392B', '#5B6B7B', '#0891B2', '#7C6F00'];
const DARK = ['#4FC3F7', '#FFC857', '#7FD8A6', '#CE93D8', '#FF8A80', '#B0BEC5', '#4DD0E1', '#DCE775'];

let library; // one for the page, asked for by the first chart that comes into view
const load = (address) => library ??= new Promise((ready, failed) => {
  const script = document.createElement('script');
  script.src = address;
  script.onload = () => ready(window.echarts);
  script.onerror = failed;
  document.head.append(script);
});

/** What the table says: the names of its rows, and one series for each further column. */
function read(table) {
  const heads = [...table.tHead.rows[0].cells].map((cell) => cell.textContent.trim());
  const rows = [...table.tBodies[0].rows];
  const value = (cell) => { const told = cell.dataset.v ?? cell.textContent.replaceAll(',', ''); return told === '' ? null : Number(told); };
  return {
    names: rows.map((row) => row.cells[0].textContent.trim()),
    series: heads.slice(1).map((name, place) => ({ name, values: rows.map((row) => value(row.cells[place + 1])) })),
  };
}

function options(kind, { names, series }, ink, line, unit) {
  const text = { color: ink };
  const shared = {
    color: document.documentElement.dataset.theme === 'dark' ? DARK : LIGHT,
    animation: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    aria: { enabled: true, decal: { show: series.length > 1 || kind === 'pie' } },
    textStyle: { fontFamily: getComputedStyle(document.documentElement).fontFamily, ...text },
    tooltip: { renderMode: 'richText', trigger: kind === 'pie' ? 'item' : 'axis' },
    legend: series.length > 1 || kind === 'pie' ? { bottom: 0, textStyle: text } : undefined,
  };
  if (kind === 'pie') {
    const data = names.map((name, place) => ({ name, value: series[0].values[place] }));
    return { ...shared, series: [{ type: 'pie', radius: ['35%', '65%'], label: text, data }] };
  }
  const axis = { axisLabel: text, axisLine: { lineStyle: { color: line } }, splitLine: { lineStyle: { color: line, opacity: 0.5 } } };
  return {
    ...shared,
    grid: { left: 8, right: 16, top: 36, bottom: series.length > 1 ? 40 : 8, containLabel: true },
    xAxis: { type: 'category', data: names, ...axis },
    yAxis: { type: 'value', name: unit, nameTextStyle: text, ...axis },
    series: series.map(({ name, values }) => ({ name, type: NAMES[kind] ?? 'bar', data: values, barMaxWidth: 48 })),
  };
}

customElements.define('data-chart', class extends HTMLElement {
  connectedCallback() {
    const seen = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      seen.disconnect();
      load(this.dataset.library).then((echarts) => this.draw(echarts), () => {});
    });
    seen.observe(this);
  }

  draw(echarts) {
    const plot = document.createElement('div');
    plot.className = 'plot';
    plot.setAttribute('aria-hidden', 'true'); // the table beside it says the same
    this.prepend(plot);
    const style = getComputedStyle(this);
    const chart = echarts.init(plot, null, { renderer: 'canvas', locale: 'ZH' });
    chart.setOption(options(this.getAttribute('kind'), read(this.querySelector('table')), style.color, style.getPropertyValue('--line-strong').trim(), this.dataset.unit ?? ''));
    const details = this.querySelector('details');
    if (details) details.open = false;
    new ResizeObserver(() => chart.resize()).observe(plot);
  }
});
