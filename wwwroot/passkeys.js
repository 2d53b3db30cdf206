// Passkeys on pages that answer plain requests: a form with data-passkey asks the portal what the browser needs, the browser for the
// passkey, and is then sent with what the browser said.
document.addEventListener('submit', async event => {
    const form = event.target;
    const field = form.querySelector?.('[data-passkey-credential]');
    if (!field || field.value) {
        return;
    }

    event.preventDefault();
    const problem = form.querySelector('[data-passkey-problem]');
    const tell = text => {
        problem.textContent = text;
        problem.hidden = false;
    };
    problem.hidden = true;
    if (!window.PublicKeyCredential?.parseRequestOptionsFromJSON) {
        tell('This browser has no passkeys, or the portal is not reached by https.');
        return;
    }

    try {
        const answer = await fetch(form.dataset.passkey, { headers: { Accept: 'application/json' } });
        if (answer.redirected || !answer.ok) {
            location.reload(); // signed out meanwhile, or too long ago
            return;
        }

        const options = await answer.json();
        const credential = options.rp
            ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
            : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
        field.value = JSON.stringify(credential.toJSON());
        form.requestSubmit();
    } catch (error) {
        tell(error.name === 'InvalidStateError' ? 'This device has a passkey for you already.'
            : error.name === 'SecurityError' ? 'Open the portal by its own address: passkeys belong to that.'
            : 'No passkey came of it. Try again when you like.');
    }
});
