DROP TABLE user_session;
DROP TABLE app_user;
