"""The figures of img/, drawn from source. `labs figures` writes each as .png and .svg, and the gallery."""

from labutils.show.figures.catalog import CARRIES, FIGURES, FigureSource, gallery, write_figures, write_gallery

__all__ = ["CARRIES", "FIGURES", "FigureSource", "gallery", "write_figures", "write_gallery"]
