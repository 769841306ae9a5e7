"""Questions that were asked: tests made of them, and their answers on two builds."""
