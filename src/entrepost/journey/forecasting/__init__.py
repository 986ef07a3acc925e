"""Forecasts of arrival from histories of orders alone: no network, no timetable."""
