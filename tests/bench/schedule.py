#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Equilibria against a schedule: tests/bench/schedule.py --kernels FOLDER --noise-sigma S --model FILE PICTURE...

For each model (a weights file of a residual denoiser), mean PSNR over pictures and kernels (periodic blur, noise of
deviation S, estimates clipped) of
  schedule     half-quadratic splitting with the denoiser's level falling from 49/255 to S in 8 and in 24 steps, evenly in
               the logarithm, weight 0.23 (Zhang et al., 2021, "Plug-and-play image restoration with deep denoiser prior"),
  equilibrium  the fixed point of half-quadratic splitting at the model's own level and balance (plain iteration, 60 steps).
Needs PyTorch; written apart from the solver on purpose.
"""
import argparse, importlib.util, json, pathlib, struct
import numpy as np
import torch
from PIL import Image

HERE = pathlib.Path(__file__).resolve().parent
spec = importlib.util.spec_from_file_location("pretrain", HERE.parents[1] / "resources/models/pretrain.py")
pretrain = importlib.util.module_from_spec(spec)
spec.loader.exec_module(pretrain)


def load(path):
    raw = pathlib.Path(path).read_bytes()
    size = struct.unpack("<Q", raw[:8])[0]
    header = json.loads(raw[8 : 8 + size])
    texts = header.pop("__metadata__")
    net = pretrain.Denoiser(int(texts["channels"]), int(texts["width"]), (int(texts["depth"]) - 2) // 2)
    state = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        values = np.frombuffer(raw[8 + size + begin : 8 + size + end], "<f4").reshape(entry["shape"])
        state[name] = torch.from_numpy(values.copy())
    net.load_state_dict(state)
    return net.eval(), float(texts.get("level", 2)), float(texts.get("balance", 4.3))


def transfer(kernel, shape):
    plane = np.zeros(shape)
    height, width = kernel.shape
    plane[:height, :width] = kernel
    return np.fft.fft2(np.roll(plane, (-(height // 2), -(width // 2)), (0, 1)))


@torch.no_grad()
def denoise(net, x, sigma):
    height, width = x.shape[1] // 2 * 2, x.shape[2] // 2 * 2
    out = x.copy()
    picture = torch.from_numpy(x[None, :, :height, :width].astype(np.float32))
    out[:, :height, :width] = net(picture, torch.tensor([sigma], dtype=torch.float32))[0].numpy()
    return out


def data_step(x, y_spectrum, k, step):
    """argmin 1/2 ||A p - y||^2 + ||p - x||^2 / (2 step)"""
    return np.real(np.fft.ifft2((step * np.conj(k) * y_spectrum + np.fft.fft2(x)) / (step * np.abs(k) ** 2 + 1)))


def psnr(x, sharp):
    return -10 * np.log10(np.mean((np.clip(x, 0, 1) - sharp) ** 2))


def schedule(net, y, k, noise, steps):
    x, y_spectrum = y, np.fft.fft2(y)
    for sigma in np.geomspace(49 / 255, noise, steps):
        x = denoise(net, data_step(x, y_spectrum, k, sigma**2 / (0.23 * noise**2)), sigma)
    return x


def equilibrium(net, y, k, noise, level, balance, steps=60):
    x, y_spectrum = y, np.fft.fft2(y)
    for _ in range(steps):
        x = denoise(net, data_step(x, y_spectrum, k, balance * level**2), level * noise)
    return x


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--kernels", required=True)
    parser.add_argument("--noise-sigma", type=float, required=True)
    parser.add_argument("--model", action="append", required=True)
    parser.add_argument("pictures", nargs="+")
    args = parser.parse_args()
    kernels = []
    for path in sorted(pathlib.Path(args.kernels).glob("*.txt")):
        kernel = np.loadtxt(path)
        kernels.append(kernel / kernel.sum())
    problems = []
    for number, path in enumerate(args.pictures):
        sharp = np.asarray(Image.open(path).convert("RGB")).transpose(2, 0, 1) / 255
        sharp = sharp[:, : sharp.shape[1] // 2 * 2, : sharp.shape[2] // 2 * 2]
        for which, kernel in enumerate(kernels):
            k = transfer(kernel, sharp.shape[1:])
            noise = np.random.default_rng([number, which]).normal(size=sharp.shape) * args.noise_sigma
            problems.append((sharp, np.real(np.fft.ifft2(np.fft.fft2(sharp) * k)) + noise, k))
    print("model schedule-8 schedule-24 equilibrium")
    for path in args.model:
        net, level, balance = load(path)
        rows = [(psnr(schedule(net, y, k, args.noise_sigma, 8), sharp),
                 psnr(schedule(net, y, k, args.noise_sigma, 24), sharp),
                 psnr(equilibrium(net, y, k, args.noise_sigma, level, balance), sharp)) for sharp, y, k in problems]
        print(pathlib.Path(path).name, *(f"{value:.2f}" for value in np.mean(rows, 0)), flush=True)


if __name__ == "__main__":
    main()
