// What the shell does in the browser. Served as a file, because the portal's content policy allows no inline script.
(function () {
  'use strict';
  const root = document.documentElement;

  let leaving = false;
  document.addEventListener('submit', (event) => { leaving ||= event.target.matches('form[action="/sign-out"]'); }, true);

  window.portal = {
    closeSearch: () => {
      document.getElementById('search-text').value = '';
      document.getElementById('search-box').close();
    },
    // A filter in the address, unless the person followed a link while it was typed.
    replaceAddress: (path, address) => { if (location.pathname === path) Blazor.navigateTo(address, { replaceHistoryEntry: true }); },
    // To a heading of a part of the page that is new, or that an act led back to. What it heads is then in view, too.
    lead: (heading, block = 'start') => {
      if (!heading.hasAttribute('tabindex')) heading.tabIndex = -1;
      heading.focus({ preventScroll: true });
      heading.scrollIntoView({ block });
    },
    setTheme: (name) => setTheme(name),
    // A tab that is signing out is on its way already: to go elsewhere now would leave the provider's own session open.
    toSignIn: (address) => setTimeout(() => location.assign(address), leaving ? 15000 : 0),
    signOut: () => document.querySelector('form[action="/sign-out"]').requestSubmit(),
    timeZone: () => Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC',
    // The menu's groups: that of this page is open, else the one that was opened last.
    unfoldMenu: () => {
      const menu = document.getElementById('nav');
      if (menu && !menu.querySelector('details[open]')) menu.querySelector(`details[data-group="${CSS.escape(portal.recall('menu') ?? '')}"]`)?.setAttribute('open', '');
    },
    // Small choices of this browser, such as a list's columns. Where storage is switched off, nothing is remembered.
    recall: (name) => { try { return localStorage.getItem('portal-' + name); } catch { return null; } },
    remember: (name, value) => { try { localStorage.setItem('portal-' + name, value); } catch { /* not remembered */ } },
  };

  // Theme: the cookie is read by the server, so that the next first paint is right.
  const schemes = { light: 'light', dark: 'dark', auto: 'light dark' };

  function setTheme(name) {
    const secure = location.protocol === 'https:' ? '; Secure' : '';
    document.cookie = `portal-theme=${name}; Path=/; Max-Age=${name === 'auto' ? 0 : 31536000}; SameSite=Lax${secure}`;
    root.dataset.theme = name;
    document.querySelector('meta[name="color-scheme"]').content = schemes[name];
    markTheme();
  }

  function markTheme() {
    for (const button of document.querySelectorAll('[data-theme-choice]')) {
      button.setAttribute('aria-pressed', String(button.dataset.themeChoice === root.dataset.theme));
    }
  }

  // The drawer that the navigation becomes on small screens.
  function setDrawer(open, returnFocus) {
    root.toggleAttribute('data-drawer', open);
    const toggle = document.querySelector('[data-drawer-toggle]');
    if (!toggle) return;
    toggle.setAttribute('aria-expanded', String(open));
    document.getElementById('main').inert = open;
    if (open) document.querySelector('#nav a')?.focus();
    else if (returnFocus) toggle.focus();
  }

  document.addEventListener('click', (event) => {
    const target = event.target instanceof Element ? event.target : event.target.parentElement;
    const choice = target.closest('[data-theme-choice]');
    if (choice) setTheme(choice.dataset.themeChoice);
    if (target.closest('[data-reload]')) location.reload();
    if (target.closest('[data-skip]')) {
      event.preventDefault(); // with a base address, #main would leave the page
      document.getElementById('main').focus();
    }
    if (target.closest('[data-drawer-toggle]')) setDrawer(!root.hasAttribute('data-drawer'), true);
    else if (root.hasAttribute('data-drawer') && (target.closest('[data-drawer-close]') || target.closest('#nav a'))) setDrawer(false, false);
    for (const menu of document.querySelectorAll('details[data-menu][open]')) {
      if (!menu.contains(target) || target.closest('.menu-panel a')) menu.open = false;
      else if (target.closest('[data-close]')) {
        menu.open = false;
        menu.querySelector('summary').focus(); // what opens a dialog now, and gets the focus back after it
      }
    }
  }, true);

  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    if (root.hasAttribute('data-drawer')) setDrawer(false, true);
    for (const menu of document.querySelectorAll('details[data-menu][open]')) {
      menu.open = false;
      menu.querySelector('summary').focus();
    }
  });

  // The search box: Ctrl-K everywhere, / where nothing is being typed. The component does the rest.
  function openSearch() {
    const box = document.getElementById('search-box');
    if (!box || box.open) return false;
    box.showModal();
    document.getElementById('search-text').select(); // what was looked for last, to be typed over
    return true;
  }

  document.addEventListener('keydown', (event) => {
    const typing = event.target.closest?.('input, textarea, select, [contenteditable]');
    const wanted = ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') || (event.key === '/' && !typing && !event.ctrlKey && !event.altKey);
    if (wanted && openSearch()) event.preventDefault();
    if (event.key === '?' && !typing && !document.querySelector('dialog[open], .mud-dialog')) document.getElementById('shortcuts')?.showModal();
    if (event.key === 'Escape' && event.target.id === 'search-text') { // a search field would only be emptied by the first
      event.preventDefault();
      document.getElementById('search-box').close();
    }
    // Else the arrows would move the cursor within the text as well.
    if (event.target.id === 'search-text' && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) event.preventDefault();
  });

  document.addEventListener('click', (event) => {
    if (event.target.closest('[data-search-open]')) openSearch();
    else if (event.target.closest('[data-search-close]') || event.target.id === 'search-box') document.getElementById('search-box').close();
  });

  // What a list cuts short is told in full, and a time to the second in UTC, when one points at it. Kept out of the markup of every row.
  document.addEventListener('mouseover', (event) => {
    const part = event.target.closest?.('.clip, time');
    if (part?.matches('time')) part.title = part.dateTime.replace('T', ' ').replace('Z', ' UTC');
    else if (part && (!part.title || 'whole' in part.dataset)) {
      part.dataset.whole = ''; // this title is ours, and follows the text
      part.title = part.scrollWidth > part.clientWidth ? part.textContent.trim() : '';
    }
  });

  // Back leads to where one was in a list: its rows come later than the browser would look for them.
  const places = new Map();
  let returning = 0;
  history.scrollRestoration = 'manual';
  addEventListener('scroll', () => { if (!returning) places.set(location.href, scrollY); }, { passive: true });
  addEventListener('popstate', () => {
    const place = places.get(location.href) ?? 0;
    const until = Date.now() + 5000;
    clearInterval(returning);
    const stop = () => { clearInterval(returning); returning = 0; };
    returning = setInterval(() => {
      const reachable = root.scrollHeight - innerHeight >= place && !document.querySelector('.skeleton');
      if (reachable) scrollTo(0, place);
      if (reachable || Date.now() > until) stop();
    }, 50);
    for (const kind of ['wheel', 'touchstart', 'keydown']) addEventListener(kind, stop, { once: true, passive: true });
  });

  // The focus never falls to the body: where what had it is gone, it returns to what opened that, or to the heading of what it stood in.
  let last = null;
  let inMain = null; // apart from dialogs
  let looking = false;
  const headings = 'h1, h2, h3';
  const holds = (element) => element === document.activeElement;

  function around(element) {
    const boxes = [];
    for (let box = element.parentElement; box && box !== document.body; box = box.parentElement) boxes.push(box);
    return boxes;
  }

  function catchFocus() {
    looking = false;
    for (const place of [last, inMain]) {
      if (!place || !holds(document.body)) return;
      if (place.element.isConnected) {
        if (!place.element.matches(':disabled')) place.element.focus({ preventScroll: true });
        return; // a button that waits can be used again soon, or goes
      }
      const box = place.around.find((part) => part.isConnected && part.querySelector(headings));
      if (box) return window.portal.lead(box.querySelector(headings), 'nearest');
    }
  }

  document.addEventListener('focusin', ({ target }) => {
    last = { element: target, around: around(target) };
    if (target.closest('#main')) inMain = last;
  });

  // Whoever clicks beside everything wants the focus nowhere.
  document.addEventListener('focusout', ({ target }) => setTimeout(() => {
    if (last?.element === target && holds(document.body) && target.isConnected && !target.matches(':disabled')) last = inMain = null;
  }));

  new MutationObserver(() => {
    if (looking || !last || !(holds(document.body) || document.activeElement.matches(':disabled'))) return;
    looking = true;
    setTimeout(catchFocus, 100); // a step that leads to itself does so first
  }).observe(document.body, { childList: true, subtree: true, attributeFilter: ['disabled'] });

  document.addEventListener('toggle', ({ target }) => {
    markTheme();
    if (target.matches('#nav details[open]')) window.portal.remember('menu', target.dataset.group);
  }, true);
  window.portal.unfoldMenu();
  matchMedia('(min-width: 60rem)').addEventListener('change', () => setDrawer(false, false));

  // A pairing code is not left standing in a tab that nobody looks at; site.css hides it.
  document.addEventListener('visibilitychange', () => { root.dataset.tab = document.visibilityState; });

  // While the connection is lost, blazor.web.js tries to get it back. Where it gives up (retries used up, or the server forgot this
  // page), or another start of the server answers, which cannot know this page, load the same address as soon as there is an answer.
  const notice = document.getElementById('components-reconnect-modal');
  const lostFor = (...reasons) => reasons.some((reason) => notice.classList.contains(`components-reconnect-${reason}`));
  let watching = false;

  async function comeBack() {
    if (watching) return;
    watching = true;
    while (lostFor('show', 'failed', 'rejected')) {
      const gaveUp = lostFor('failed', 'rejected');
      notice.classList.toggle('waiting', gaveUp);
      try {
        const answer = await fetch('/favicon.svg', { method: 'HEAD', cache: 'no-store', signal: AbortSignal.timeout(5000) });
        const isAnother = answer.headers.get('Portal-Instance') !== root.dataset.instance;
        if (answer.status < 500 && (gaveUp || isAnother)) return location.reload();
      } catch { /* still away */ }
      await new Promise((resolve) => setTimeout(resolve, 1500));
    }
    watching = false;
  }

  // A page that was drawn and then cannot connect for the first time would wait for ever: blazor.web.js only throws. It is
  // loaded again, not at once: where something on the way always refuses, it must not be asked many times a second.
  addEventListener('unhandledrejection', (event) => {
    if (event.reason?.errorType !== 'FailedToNegotiateWithServerError') return;
    notice.classList.add('components-reconnect-show');
    setTimeout(() => notice.classList.add('components-reconnect-failed'), 5000);
  });

  new MutationObserver(comeBack).observe(notice, { attributes: true, attributeFilter: ['class'] });
})();
