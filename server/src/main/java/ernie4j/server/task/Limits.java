package ernie4j.server.task;

import java.time.Duration;

/**
 * What is computed at once and what may wait.
 *
 * @param textsOfRequest the most texts of one request
 * @param tokensOfRequest the most tokens of all texts of one request
 * @param waitingTexts the most texts that wait for a model
 * @param batchTexts the most texts that are computed together
 * @param batchWait how long a text waits for others to be computed with
 */
public record Limits(
    int textsOfRequest,
    int tokensOfRequest,
    int waitingTexts,
    int batchTexts,
    Duration batchWait) {}
