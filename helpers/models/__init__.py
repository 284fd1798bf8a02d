"""What the lessons build: baselines, TFRS models, and what is computed for them beforehand."""

from helpers.models.article import (
    MovielensModel,
    RankingModel,
    make_rating_layers,
    make_tower,
    rank_movies,
    train_article_model,
    train_longer,
)
from helpers.models.baselines import damped_biases, means_by
from helpers.models.causal import (
    CausalModel,
    make_causal_features,
    running_biases,
    train_causal_model,
)
from helpers.models.factors import Factors
from helpers.models.features import make_features
from helpers.models.lists import ListModel, make_list_features, squared_error, train_list_model
from helpers.models.multi_task import MultiTask, train_multi_task
from helpers.models.new_user import NewUsers, fold_in, shares_of
from helpers.models.own import OwnModels
from helpers.models.rating import (
    PARTS,
    History,
    RatingModel,
    Table,
    parts_for,
    train_rating_model,
)
from helpers.models.retrieval import Retriever, train_retriever
from helpers.models.training import fit_model, predict, predict_uncut, train_seeds
from helpers.models.two_stages import Recommender, TwoStages

__all__ = [
    "PARTS", "CausalModel", "Factors", "History", "ListModel", "MovielensModel", "MultiTask",
    "NewUsers", "OwnModels", "RankingModel", "RatingModel", "Recommender", "Retriever", "Table",
    "TwoStages", "damped_biases", "fit_model", "fold_in", "make_causal_features", "make_features",
    "make_list_features", "make_rating_layers", "make_tower", "means_by", "parts_for", "predict",
    "predict_uncut", "rank_movies", "running_biases", "shares_of", "squared_error",
    "train_article_model", "train_causal_model", "train_list_model", "train_longer",
    "train_multi_task", "train_rating_model", "train_retriever", "train_seeds",
]  # fmt: skip
