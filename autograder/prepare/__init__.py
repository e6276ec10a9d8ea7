"""Before the class: the template, the notebook, the packages, and whether suites and machine are fit to grade."""
