DROP TABLE decision_choice;
DROP TABLE review_step;
DROP TABLE transaction_review;
