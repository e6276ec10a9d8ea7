"""What people read: a student's feedback, Gradescope's ``results.json``, the class report. ``disclosure`` decides what may be in it."""
