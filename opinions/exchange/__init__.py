"""Conversion between trees and files of word processors, both ways, without the database."""
