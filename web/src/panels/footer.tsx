/** What this is not, where the numbers go (nowhere), and the licences of what is inside. */

import { useState } from "preact/hooks";
import { engine_version } from "../case/store";
import * as words from "../words";

export function Footer() {
  const [open, set_open] = useState(false);
  return (
    <footer>
      <p>
        {words.page.not_for} {words.page.nothing_leaves}
      </p>
      <p>{engine_version.value === "" ? "" : `${words.basis.engine} ${engine_version.value}`}</p>
      <details onToggle={(event) => set_open(event.currentTarget.open)}>
        <summary>{words.page.licences}</summary>
        {open ? (
          <pre class="licences" tabIndex={0}>
            {document.getElementById("licences")?.textContent}
          </pre>
        ) : null}
      </details>
    </footer>
  );
}
