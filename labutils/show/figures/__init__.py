"""The figures of img/, drawn from source. `labs figures` writes each as .png and .svg."""

from labutils.show.figures.catalog import FIGURES, FigureSource, write_figures

__all__ = ["FIGURES", "FigureSource", "write_figures"]
