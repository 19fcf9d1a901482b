// A colour beside its six signs: a picker, samples on our papers, and the contrast in words. The server checks again.
function channels(colour) {
  return [1, 3, 5].map((start) => parseInt(colour.slice(start, start + 2), 16) / 255);
}

// Relative luminance and contrast as WCAG 2.2 defines them (assembly/institution/colours.py).
function luminance(colour) {
  const [red, green, blue] = channels(colour).map((value) =>
    value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one, other) {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function element(name, className, words = "") {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = words;
  return made;
}

function dress(field) {
  const papers = field.dataset.papers.split(" ");
  const { least, good, bad, wrong, pick, sample } = field.dataset;
  const picker = element("input", "colour-pick");
  picker.type = "color";
  picker.setAttribute("aria-label", pick);
  const told = element("output", "colour-told");
  const samples = papers.map((paper) => {
    const shown = element("span", "colour-sample", sample);
    shown.setAttribute("aria-hidden", "true");
    shown.style.backgroundColor = paper;
    return shown;
  });
  const line = element("div", "colour-line");
  field.before(line);
  line.append(field, picker, ...samples);
  line.after(told);

  function show() {
    const colour = field.value.trim();
    if (!/^#[0-9a-f]{6}$/i.test(colour)) {
      told.textContent = wrong;
      return;
    }
    picker.value = colour;
    for (const shown of samples) shown.style.color = colour;
    const worst = Math.min(...papers.map((paper) => contrast(colour, paper)));
    const words = worst >= Number(least) ? good : bad;
    // Rounded down: 4,46 must not be told as 4,5.
    told.textContent = words.replace("#", (Math.floor(worst * 10) / 10).toFixed(1).replace(".", ","));
    told.classList.toggle("is-bad", worst < Number(least));
  }

  picker.addEventListener("input", () => {
    field.value = picker.value.toUpperCase();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  field.addEventListener("input", show);
  show();
}

document.querySelectorAll("input[data-papers]").forEach(dress);
