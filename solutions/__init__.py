"""The reference solutions of the assignment, their PyTorch witnesses, the answer sheet, and the mistakes people make."""
