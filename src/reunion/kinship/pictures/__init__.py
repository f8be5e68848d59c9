"""Pictures as SVG text: pedigrees, distributions of the LR, power. No script, no style sheet.

Equal values give equal text. Every picture has a title and a description in words, and says nothing
by colour alone.
"""
