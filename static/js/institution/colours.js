// Adds to a colour field: a picker, samples on the backgrounds, and the contrast in words. The server checks again.
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

function contrastRatio(first, other) {
  const [dark, light] = [luminance(first), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function element(name, className, text = "") {
  const node = document.createElement(name);
  node.className = className;
  node.textContent = text;
  return node;
}

function addPicker(field) {
  const papers = field.dataset.papers.split(" ");
  const { least, good, bad, wrong, pick, sample } = field.dataset;
  const picker = element("input", "colour-pick");
  picker.type = "color";
  picker.setAttribute("aria-label", pick);
  const output = element("output", "colour-contrast");
  const samples = papers.map((paper) => {
    const swatch = element("span", "colour-sample", sample);
    swatch.setAttribute("aria-hidden", "true");
    swatch.style.backgroundColor = paper;
    return swatch;
  });
  const line = element("div", "colour-line");
  field.before(line);
  line.append(field, picker, ...samples);
  line.after(output);

  function show() {
    const colour = field.value.trim();
    if (!/^#[0-9a-f]{6}$/i.test(colour)) {
      output.textContent = wrong;
      return;
    }
    picker.value = colour;
    for (const swatch of samples) swatch.style.color = colour;
    const worst = Math.min(...papers.map((paper) => contrastRatio(colour, paper)));
    const text = worst >= Number(least) ? good : bad;
    // Rounded down: 4,46 must not be shown as 4,5.
    output.textContent = text.replace("#", (Math.floor(worst * 10) / 10).toFixed(1).replace(".", ","));
    output.classList.toggle("is-bad", worst < Number(least));
  }

  picker.addEventListener("input", () => {
    field.value = picker.value.toUpperCase();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  field.addEventListener("input", show);
  show();
}

document.querySelectorAll("input[data-papers]").forEach(addPicker);
