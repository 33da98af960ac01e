// 通行密钥 — asks our server for a question, lets the device answer it, and sends the form with the answer.
(() => {
  'use strict';
  const bytes = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  const named = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

  const say = (form, message) => {
    const place = form.querySelector('[data-said]');
    place.textContent = message;
    place.hidden = false;
  };

  const why = (fault) => ({
    NotAllowedError: '没有完成：您取消了，或者等待超时。可以再试一次。',
    InvalidStateError: '这个设备已经登记过了。',
    SecurityError: '现在的网址不是本平台对外的网址，通行密钥不能在这里使用。',
    NotSupportedError: '这个设备不支持所需的通行密钥。',
  }[fault.name] ?? `没有完成：${fault.message}`);

  const create = async (options) => {
    const made = await navigator.credentials.create({ publicKey: { ...options, challenge: bytes(options.challenge), user: { ...options.user, id: bytes(options.user.id) }, excludeCredentials: named(options.excludeCredentials) } });
    return { id: made.id, rawId: text(made.rawId), type: made.type, extensions: {}, response: { attestationObject: text(made.response.attestationObject), clientDataJSON: text(made.response.clientDataJSON) } };
  };

  const get = async (options) => {
    const shown = await navigator.credentials.get({ publicKey: { ...options, challenge: bytes(options.challenge), allowCredentials: named(options.allowCredentials) } });
    const { authenticatorData, clientDataJSON, signature, userHandle } = shown.response;
    return { id: shown.id, rawId: text(shown.rawId), type: shown.type, extensions: {}, response: { authenticatorData: text(authenticatorData), clientDataJSON: text(clientDataJSON), signature: text(signature), userHandle: userHandle ? text(userHandle) : null } };
  };

  for (const form of document.querySelectorAll('form[data-passkey]')) {
    if (!window.PublicKeyCredential) {
      say(form, '这个浏览器不支持通行密钥，或者现在的连接不是 https。');
      continue;
    }
    const button = form.querySelector('button');
    form.querySelector('[data-scripted]').hidden = false;
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      button.disabled = true;
      try {
        const asked = await fetch(form.dataset.options, { method: 'POST', headers: { Accept: 'application/json' }, body: new URLSearchParams({ step: form.dataset.step ?? '' }) });
        const told = await asked.json();
        if (!asked.ok) { say(form, `${told.detail}。${told.advice}。`); return; }
        const answer = await (form.dataset.passkey === 'create' ? create : get)(told);
        form.elements.credential.value = JSON.stringify(answer);
        form.submit();
      } catch (fault) {
        say(form, why(fault));
      } finally {
        button.disabled = false;
      }
    });
  }
})();
