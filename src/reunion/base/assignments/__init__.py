"""Assignments: tasks with a lead unit and a due date, requests across counties, and notices."""
