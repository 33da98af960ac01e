// 进度 — while a form's file is on its way, tells how much has arrived; without script the form works just as well.
for (const form of document.querySelectorAll('form[data-progress]')) {
  form.addEventListener('submit', () => {
    const shown = document.getElementById(form.dataset.shown);
    const [bar, told] = [shown.querySelector('progress'), shown.querySelector('[role=status]')];
    const button = form.querySelector('button');
    shown.hidden = false;
    setTimeout(() => { button.disabled = true; }); // after the form has been sent
    let spoken = -1;
    const source = new EventSource(form.dataset.progress);
    source.onmessage = ({ data }) => {
      const { received, total, done } = JSON.parse(data);
      if (total) bar.max = total;
      bar.value = done && total ? total : received;
      const tenth = total ? Math.floor((received / total) * 10) : 0;
      if (tenth !== spoken) { // every tenth is read aloud, not every frame
        spoken = tenth;
        told.textContent = total && received >= total ? '已全部到达，正在逐行核对' : `已到达 ${tenth * 10}%`;
      }
      if (done) source.close();
    };
  });
}
