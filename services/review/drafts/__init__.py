"""Alerts before they are published: written by one officer, approved by another."""
