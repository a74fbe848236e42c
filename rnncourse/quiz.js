// Mends what jupyterquiz draws: every control gets a name, feedback is announced, a number
// can be entered with a button, and coming back to it does not wipe it.
function mend(name) {
  const root = document.getElementById(name);
  if (!root || !root.querySelector(".Quiz")) {
    setTimeout(() => mend(name), 100); // the notebook has not put the output on the page yet
    return;
  }
  for (const quiz of root.querySelectorAll(".Quiz")) {
    const question = quiz.querySelector("[id^=quizQn]");
    const answers = quiz.querySelector(".Answer");
    const input = quiz.querySelector(".Input-text");
    const feedback = quiz.querySelector(".Feedback");
    feedback.setAttribute("role", "status");
    if (input) {
      mendNumber(quiz, question, input);
    } else {
      answers.setAttribute("role", "radiogroup");
      answers.setAttribute("aria-labelledby", question.id);
      for (const choice of answers.querySelectorAll("label")) {
        // math alone does not count as a name
        choice.querySelector("input").setAttribute("aria-label", choice.textContent);
      }
    }
  }
}

function mendNumber(quiz, question, input) {
  const label = quiz.querySelector(".InpLabel");
  label.id = input.id + "-label";
  label.htmlFor = input.id;
  label.textContent = "Your number";
  input.setAttribute("aria-labelledby", question.id + " " + label.id);
  input.autocomplete = "off";
  input.onpaste = null;
  // jupyterquiz empties the field whenever it gets the focus
  quiz.addEventListener("focus", (event) => event.stopPropagation(), true);
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiz-check";
  button.textContent = "Check";
  button.onclick = () => {
    if (input.value !== "") input.onkeypress({ which: 13, keyCode: 13 });
  };
  input.after(button);
}
