"""How the course shows what it measures: charts, tables, widgets, and the figures of img/."""
