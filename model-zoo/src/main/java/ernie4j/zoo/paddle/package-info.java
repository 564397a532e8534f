/**
 * Models of PaddlePaddle and PaddleNLP: parameter files, inference models and model folders, read
 * and written without any library of theirs.
 */
package ernie4j.zoo.paddle;
