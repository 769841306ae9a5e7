// As if a person had typed into a box of Gradio's, and had pressed the button beside it.
export const type = (id, text) => {
  const box = document.querySelector(`#${id} textarea`);
  if (!box) return; // Gradio has not made it yet
  box.value = text;
  box.dispatchEvent(new Event("input", { bubbles: true }));
};
export const send = (id, text) => {
  type(id, text);
  document.querySelector(`#${id} button`)?.click();
};
