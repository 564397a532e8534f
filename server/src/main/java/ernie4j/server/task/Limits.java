package ernie4j.server.task;

import java.time.Duration;

/**
 * Limits of requests, batches and queues.
 *
 * @param textsOfRequest the largest number of texts in a request
 * @param tokensOfRequest the largest number of tokens in all texts of a request
 * @param waitingTexts the largest number of texts that wait for a model
 * @param batchTexts the largest number of texts that are computed together
 * @param batchWait how long a text waits for others to be computed with it
 */
public record Limits(
    int textsOfRequest,
    int tokensOfRequest,
    int waitingTexts,
    int batchTexts,
    Duration batchWait) {}
