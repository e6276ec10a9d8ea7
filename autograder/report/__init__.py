"""Pages that people read: a student's feedback, the class report."""
