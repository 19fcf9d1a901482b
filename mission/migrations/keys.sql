-- Keys of several columns, which Django does not declare.

-- The lot of an order is one of its contract.
ALTER TABLE mission_contractlot ADD CONSTRAINT contract_lot_of_row UNIQUE (id, row_id);
ALTER TABLE mission_contractorder ADD CONSTRAINT contract_order_lot_of_contract
    FOREIGN KEY (lot_id, row_id) REFERENCES mission_contractlot (id, row_id) DEFERRABLE INITIALLY DEFERRED;

-- The year of an entry or of a contract is that of its line of the budget.
ALTER TABLE mission_budgetline ADD CONSTRAINT budget_line_of_year UNIQUE (id, year);
ALTER TABLE mission_budgetentry ADD CONSTRAINT budget_entry_year_of_line
    FOREIGN KEY (row_id, year) REFERENCES mission_budgetline (id, year) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE mission_budgetcontract ADD CONSTRAINT budget_contract_year_of_line
    FOREIGN KEY (row_id, year) REFERENCES mission_budgetline (id, year) DEFERRABLE INITIALLY DEFERRED;

-- A trip that moves moves its travellers, whose constraint refuses two trips at once.
ALTER TABLE mission_trip ADD CONSTRAINT trip_moments UNIQUE (id, starts_at, ends_at, state);
ALTER TABLE mission_triptraveller ADD CONSTRAINT trip_traveller_moments_of_trip
    FOREIGN KEY (row_id, starts_at, ends_at, state) REFERENCES mission_trip (id, starts_at, ends_at, state)
    ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED;
